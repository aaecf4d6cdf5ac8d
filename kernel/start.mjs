// `npm start` in a checkout: builds what is out of date, then becomes the `etude` command in this same process, so that
// a signal sent to npm reaches it and nothing is left behind.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
const build = spawnSync(process.execPath, [tsc, "--build", join(root, "tsconfig.json")], { stdio: "inherit" });
if (build.status !== 0) process.exit(build.status ?? 1);
await import("./etude.mjs");
