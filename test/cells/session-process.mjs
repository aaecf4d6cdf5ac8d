// A notebook without Jupyter: cells come in on stdin, a JSON line each, and what came of each goes out on stdout.

import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { inspect } from "node:util";
import { runInThisContext } from "node:vm";
import { CellCompiler } from "../../dist/kernel/cells/compiler.js";
import { ModuleLoader } from "../../dist/kernel/cells/modules.js";
import { locate } from "../../dist/kernel/cells/positions.js";

const folder = process.argv[2] ?? process.cwd();
const compiler = new CellCompiler(folder);
const modules = new ModuleLoader(folder);
let generation = 0;

class Interrupted extends Error {
  name = "Interrupted";
}

const runtime = {
  import: (specifier, attributes) => modules.import(specifier, attributes),
  generation: () => generation,
  resume(taken, value) {
    if (taken !== generation) throw new Interrupted("stopped");
    return value;
  },
  meta: { url: "file:///notebook/" },
};
Object.assign(globalThis, {
  require: createRequire(join(folder, "notebook.ts")),
  interrupt: () => generation++,
  // V8's own answer: the same text as a module, without us.
  runPlainly: (text) => import(`data:text/javascript;charset=utf-8,${encodeURIComponent(text)}`),
});
Error.stackTraceLimit = 30;
Error.prepareStackTrace = (error, sites) =>
  Object.assign(
    sites.map((site) => [site.getFileName() ?? "", site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0]),
    { toString: () => String(error) },
  );

async function run(source, name) {
  const { slots, script, awaits, hasResult, declares, free } = compiler.compile(source, name);
  if (slots !== "") runInThisContext(slots);
  const returned = runInThisContext(script, { filename: name })(runtime);
  const result = awaits ? await returned : returned;
  const facts = { awaits, declares: Object.fromEntries(declares), free: [...free] };
  if (!hasResult) return { kind: "nothing", ...facts };
  return { kind: "value", text: String(toPlain(result[0])), inspected: inspect(result[0]), ...facts };
}

function toPlain(value) {
  return Object(value) === value && typeof value.toString !== "function" ? inspect(value) : value;
}

function failure(error) {
  if (!(error instanceof Error)) return { kind: "error", name: "", message: String(error), places: [] };
  const { message, excerpt, line, column, script } = error;
  if (excerpt !== undefined)
    return { kind: "error", name: error.name, message, excerpt, places: [[script, line, column]] };
  const frames = Array.isArray(error.stack) ? error.stack : [];
  const places = frames
    .filter(([file]) => file !== "" && !/^node:|dist\/kernel|session-process/.test(file))
    .map(([file, at, from]) => {
      const place = locate(file, at, from);
      return place ? [place.script, place.line, place.column] : [file, at, from];
    })
    .map(([file, at, from]) => [file.startsWith("data:") ? "plain" : file, at, from]);
  return { kind: "error", name: error.name, message, places };
}

let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const name = `Cell[${++count}]`;
  const answer = await run(JSON.parse(line), name).catch((error) => failure(error));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
