#!/usr/bin/env node
// The `etude` command. It stands outside dist/ because npx links it once for a checkout, which may be before the first build.
import { existsSync } from "node:fs";

const program = new URL("../dist/kernel/commands/etude.js", import.meta.url);
if (existsSync(program)) await import(program.href);
else {
  console.error("etude: this checkout is not built yet. Run npm run build.");
  process.exitCode = 1;
}
