import { transformSync } from "@swc/core";

// @swc/jest knows no `import x = require("...")` in an ES module, so the compiler is called here.
export default {
  process(source, filename) {
    return transformSync(source, {
      filename,
      jsc: { parser: { syntax: "typescript" }, target: "es2022" },
      module: { type: filename.endsWith(".cts") ? "commonjs" : "nodenext" },
      sourceMaps: "inline",
      swcrc: false,
    });
  },
};
