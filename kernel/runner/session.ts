import { pathToFileURL } from "node:url";
import { constants, runInThisContext } from "node:vm";
import { Interrupted } from "../../src/core/stop.js";
import { CellCompiler, type CellRuntime } from "../cells/compiler.js";
import { splitCommands } from "../cells/line-commands.js";
import type { ModuleLoader } from "../cells/modules.js";
import { sourceOf } from "../cells/positions.js";
import { bundleFor } from "../display/bundle-for.js";
import { errorReport } from "../display/error-report.js";
import type { Bundle, ExpressionResult, Failure, Outcome, ToUser } from "../pipe/messages.js";
import type { Helpers } from "./helpers.js";
import type { Interrupts } from "./interrupts.js";
import { runCommands } from "./line-commands.js";
import { report } from "./output-pipe.js";

type ExecuteMessage = Extract<ToUser, { type: "execute" }>;

interface Cell {
  readonly id: number;
  /** What has to settle before the cell is finished: displays that make themselves asynchronously. */
  readonly pending: Set<Promise<unknown>>;
  finished: boolean;
}

export interface SessionOptions {
  readonly helpers: Helpers;
  readonly modules: ModuleLoader;
  /** The notebook's folder. */
  readonly folder: string;
}

/** The variables of a notebook and the cells that run in it, one after the other. */
export class Session {
  /** Set once, by the program that makes both: a stop ends the running cell through {@link stopped}. */
  interrupts!: Interrupts;
  private readonly compiler: CellCompiler;
  private readonly declared = new Set<string>();
  private readonly runtime: CellRuntime;
  private cell: Cell = { id: 0, pending: new Set(), finished: true };

  constructor(private readonly options: SessionOptions) {
    this.compiler = new CellCompiler(options.folder);
    this.runtime = {
      import: (specifier, attributes) => options.modules.import(specifier, attributes),
      generation: () => this.interrupts.generation,
      resume: <T>(generation: number, value?: T) => {
        if (generation !== this.interrupts.generation) throw new Interrupted();
        return value as T;
      },
      meta: { url: `${pathToFileURL(options.folder)}/` },
    };
  }

  /** The cell that runs, or the last one that ran: output belongs to it. */
  get currentCell(): number {
    return this.cell.id;
  }

  get names(): ReadonlySet<string> {
    return this.declared;
  }

  async execute(message: ExecuteMessage): Promise<void> {
    const cell: Cell = { id: message.cell, pending: new Set(), finished: false };
    this.cell = cell;
    this.interrupts.cellBegins();
    // Code that is stopped ends without returning here; `stopped` finishes the cell then.
    try {
      await null;
      if (cell.finished) return; // stopped before it could begin
      const value = await this.evaluate(message.code, `Cell[${message.count}]`);
      const result = value === undefined || message.silent ? undefined : await asBundle(value);
      while (cell.pending.size > 0) await Promise.all(cell.pending);
      this.finish(cell, { status: "ok", result, expressions: await this.expressions(message.expressions) });
    } catch (error) {
      this.finish(cell, { status: "error", ...this.failure(error) });
    }
  }

  /** Keeps the running cell from finishing before `work` has settled. */
  waitFor(work: Promise<unknown>): void {
    const { pending } = this.cell;
    const settled = work.catch((error) => this.late(error)).finally(() => pending.delete(settled));
    pending.add(settled);
  }

  /** The stop reached the main thread. Our own loops end by themselves, and so does a cell that waits for one. */
  stopped(cooperative: boolean): void {
    const { cell } = this;
    if (cell.finished) return;
    if (!cooperative) this.finish(cell, { status: "error", ...this.failure(new Interrupted()) });
    else this.endAfterLoops(cell);
  }

  /** An error that no cell waits for: from a timer, or a rejection that nobody handles. */
  late(error: unknown): void {
    if (error instanceof Interrupted) return;
    report({ type: "error", cell: this.cell.id, ...this.failure(error) });
  }

  private async evaluate(source: string, name: string): Promise<unknown> {
    const { commands, code } = splitCommands(source);
    await runCommands(commands, this.options.folder);
    const compiled = this.compiler.compile(code, name);
    await this.options.helpers.provide(compiled.free, (free) => this.declared.has(free));
    if (compiled.slots !== "") runInThisContext(compiled.slots);
    for (const declared of compiled.declares.keys()) this.declared.add(declared);
    const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
    const run = runInThisContext(compiled.script, { filename: name, importModuleDynamically });
    const returned = run(this.runtime);
    const result = compiled.awaits ? await returned : returned;
    return result?.[0];
  }

  private async expressions(sources: Readonly<Record<string, string>>): Promise<Record<string, ExpressionResult>> {
    const results: Record<string, ExpressionResult> = Object.create(null); // any key is a key, "__proto__" too
    for (const [key, source] of Object.entries(sources)) {
      try {
        const value = await this.evaluate(source, `Expression[${key}]`);
        results[key] = { status: "ok", ...(await asBundle(value)) };
      } catch (error) {
        results[key] = { status: "error", ...this.failure(error) };
      }
    }
    return results;
  }

  private finish(cell: Cell, outcome: Outcome): void {
    if (cell.finished) return;
    cell.finished = true;
    this.interrupts.cellEnds();
    report({ type: "done", cell: cell.id, outcome });
  }

  private endAfterLoops(cell: Cell): void {
    const graceMs = 1000;
    const timer = setInterval(() => {
      if (!cell.finished && this.interrupts.cooperativeLoops > 0) return;
      clearInterval(timer);
      setTimeout(() => {
        if (cell.finished) return;
        this.interrupts.generation++;
        this.stopped(false);
      }, graceMs).unref();
    }, 50);
    timer.unref();
  }

  private failure(error: unknown): Failure {
    if (error instanceof Interrupted) {
      return { ename: error.name, evalue: error.message, traceback: [`${error.name}: ${error.message}`] };
    }
    const { ename, evalue, traceback } = errorReport(error, { sourceOf });
    return { ename, evalue: inUserTerms(evalue), traceback: traceback.map(inUserTerms) };
  }
}

async function asBundle(value: unknown): Promise<Bundle> {
  return { data: await bundleFor(value), metadata: {} };
}

/** V8 names what it could not call by the compiled text, where an await is a call of ours. */
function inUserTerms(message: string): string {
  return message.replace(/\$etude\d*\.resume(\(\.\.\.\))?/g, "(intermediate value)");
}
