import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Where the native compiler is: in a package of its own for each platform, which npm installs with `typescript`. */
export function executablePath(): string {
  const typescript = createRequire(import.meta.url).resolve("typescript/package.json");
  const platform = `@typescript/typescript-${process.platform}-${process.arch}/package.json`;
  const folder = dirname(createRequire(typescript).resolve(platform));
  return join(folder, "lib", process.platform === "win32" ? "tsc.exe" : "tsc");
}
