// Builds what is out of date: the sources into dist/, with the `etude` command executable, as `npx etude` needs it.
import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
const build = spawnSync(process.execPath, [tsc, "--build", join(root, "tsconfig.json")], { stdio: "inherit" });
if (build.status !== 0) process.exit(build.status ?? 1);
chmodSync(join(root, "dist", "kernel", "commands", "etude.js"), 0o755);
