import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseArgs, stripVTControlCharacters } from "node:util";
import { EtudeError } from "../../src/core/errors.js";
import type { Command } from "./command.js";
import { HeadlessKernel } from "./headless-kernel.js";
import { type Cell, joined, type Notebook, readNotebook, writeNotebook } from "./notebook-file.js";
import { injectParameters } from "./parameters.js";
import { stopSignal } from "./stop-signal.js";

/** `etude run`: executes a notebook over the real protocol, without Jupyter, Python or a browser. */
export const run: Command = {
  help: `Usage: etude run IN.ipynb [-o OUT.ipynb] [-p name=value ...] [--allow-errors]

Executes the cells in order, in the notebook's folder, and writes the notebook with its outputs. An error ends the run
with exit code 1; what was shown until then is written all the same.

  -o, --output OUT  write there (default: in place)
  -p name=value     replace a value of the cell tagged "parameters"; may be given several times
  --allow-errors    go on after a cell with an error (a cell tagged "raises-exception" may always have one)`,

  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        output: { type: "string", short: "o" },
        parameter: { type: "string", short: "p", multiple: true },
        "allow-errors": { type: "boolean" },
      },
      allowPositionals: true,
    });
    if (positionals.length !== 1) throw new EtudeError(`one notebook is needed, got ${positionals.length}.`);
    const input = resolve(positionals[0]!);
    const output = resolve(values.output ?? input);
    const notebook = await readNotebook(input);
    checkLanguage(notebook);
    await checkFolder(dirname(output));
    injectParameters(notebook, values.parameter ?? []);
    const code = await execute(notebook, input, values["allow-errors"] ?? false);
    await writeNotebook(output, notebook);
    return code;
  },
};

async function execute(notebook: Notebook, path: string, allowErrors: boolean): Promise<number> {
  const cells = notebook.cells.filter((cell) => cell.cell_type === "code");
  for (const cell of cells) Object.assign(cell, { execution_count: null, outputs: [] });
  const stopped = aborted(stopSignal());
  const kernel = await HeadlessKernel.start(dirname(path), path);
  try {
    const { language_info } = await kernel.info();
    const kernelspec = { name: "etude", display_name: "TypeScript (Etude)", language: "typescript" };
    notebook.metadata = { kernelspec, ...notebook.metadata, language_info };
    for (const [i, cell] of cells.entries()) {
      const place = `cell ${i + 1} of ${cells.length}`;
      const outcome = await runCell(kernel, cell, place, stopped);
      if (outcome === "stopped") return 130;
      if (outcome === "gone") return 1;
      const mayFail = allowErrors || cell.metadata.tags?.includes("raises-exception");
      if (outcome === "error" && !mayFail) return 1;
    }
    return 0;
  } finally {
    await kernel.stop();
  }
}

async function runCell(kernel: HeadlessKernel, cell: Cell, place: string, stopped: Promise<"stopped">) {
  const source = joined(cell.source);
  if (source.trim() === "") return "ok";
  const started = performance.now();
  const { outputs, reply } = kernel.run(source);
  cell.outputs = outputs.outputs;
  const ending = await Promise.race([stopped, reply]).catch((error: Error) => error);
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  console.log(`${place}  ${seconds} s  ${source.trimStart().split("\n", 1)[0]!.slice(0, 70)}`);
  if (ending === "stopped") {
    console.error(`etude run: stopped in ${place}.`);
    return "stopped";
  }
  if (ending instanceof Error) {
    console.error(`etude run: ${place}: ${ending.message}`);
    return "gone";
  }
  cell.execution_count = ending.execution_count;
  if (ending.status !== "error") return "ok";
  const traceback = ending.traceback.join("\n");
  console.error(`etude run: ${place} failed.`);
  console.error(process.stderr.isTTY ? traceback : stripVTControlCharacters(traceback));
  return "error";
}

function aborted(stop: AbortSignal): Promise<"stopped"> {
  return new Promise((resolve) => stop.addEventListener("abort", () => resolve("stopped"), { once: true }));
}

function checkLanguage({ metadata: { kernelspec } }: Notebook): void {
  const language = kernelspec?.language ?? "typescript";
  if (language === "typescript" || language === "javascript") return;
  throw new EtudeError(`the notebook is in ${language} (${kernelspec?.display_name}). Etude runs TypeScript.`);
}

async function checkFolder(folder: string): Promise<void> {
  const there = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!there) throw new EtudeError(`there is no folder ${JSON.stringify(folder)} to write to. Make it first.`);
}
