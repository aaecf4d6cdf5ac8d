import { createRequire } from "node:module";
import { type Importable, importable } from "./import-source.js";

/** The modules of Node that code imports from, each name from the first one that has it: a cell can await promises. */
const modules = [
  "fs/promises",
  "fs",
  "path",
  "child_process",
  "crypto",
  "os",
  "url",
  "util",
  "events",
  "assert",
  "readline/promises",
  "readline",
  "stream/promises",
  "stream",
  "timers/promises",
  "worker_threads",
  "perf_hooks",
  "zlib",
  "http",
  "https",
  "net",
  "dns/promises",
  "dns",
  "async_hooks",
  "buffer",
  "string_decoder",
  "querystring",
  "v8",
  "vm",
  "module",
];

let exported: ReadonlyMap<string, readonly Importable[]> | undefined;

/** What the modules of this Node export, by name; the modules themselves count as well, as in `fs.readFileSync`. */
export function builtinExports(): ReadonlyMap<string, readonly Importable[]> {
  exported ??= readExports();
  return exported;
}

function readExports(): Map<string, Importable[]> {
  const require = createRequire(import.meta.url);
  const found = new Map<string, Importable[]>();
  const add = (each: Importable) => found.set(each.name, [...(found.get(each.name) ?? []), each]);
  for (const module of modules) {
    if (!module.includes("/")) add(importable(module, `node:${module}`, "default"));
    for (const name of Object.keys(require(module))) {
      if (/^[A-Za-z]\w*$/.test(name) && name !== "default") add(importable(name, `node:${module}`));
    }
  }
  return found;
}
