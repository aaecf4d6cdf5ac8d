import { pathToFileURL } from "node:url";
import { constants, runInThisContext } from "node:vm";
import { Interrupted } from "../../src/core/stop.js";
import { CellCompiler, type CellRuntime, type CompiledCell } from "../cells/compiler.js";
import { splitCommands } from "../cells/line-commands.js";
import type { ModuleLoader } from "../cells/modules.js";
import { sourceOf } from "../cells/positions.js";
import { bundleFor } from "../display/bundle-for.js";
import { errorReport } from "../display/error-report.js";
import type { Bundle, ExpressionResult, Failure, Outcome, ToUser } from "../pipe/messages.js";
import { AsyncContext } from "./async-context.js";
import type { Helpers } from "./helpers.js";
import { interrupts } from "./interrupts.js";
import { runCommands } from "./line-commands.js";
import { report } from "./output-pipe.js";

type ExecuteMessage = Extract<ToUser, { type: "execute" }>;

/** What runs for a message of the front end: a cell, or the handling of a comm message. */
interface Work {
  readonly id: number;
  /** Of the cell in the notebook. */
  readonly place: string | undefined;
  /** What has to settle before it is finished: displays that make themselves asynchronously. */
  readonly pending: Set<Promise<unknown>>;
  finished: boolean;
}

/** What the code of cells remembers while it awaits. */
interface Moment {
  readonly generation: number;
  readonly work: Work;
}

export interface SessionOptions {
  readonly helpers: Helpers;
  readonly modules: ModuleLoader;
  /** The notebook's folder. */
  readonly folder: string;
  /** The path of the notebook; undefined for a console, and where the front end does not say. */
  readonly notebook: string | undefined;
}

/** The variables of a notebook and the cells that run in it, one after the other. */
export class Session {
  private readonly compiler: CellCompiler;
  private readonly declared = new Set<string>();
  private readonly runtime: CellRuntime;
  private cell: Work = { id: 0, place: undefined, pending: new Set(), finished: true };
  private readonly context = new AsyncContext<Work>();
  /** The same without following async work: a handler while it has the thread, and while it is not finished and no cell runs. */
  private current = this.cell;
  private readonly running = new Set<Work>();

  constructor(private readonly options: SessionOptions) {
    this.compiler = new CellCompiler(options.folder);
    this.runtime = {
      import: (specifier, attributes) => options.modules.import(specifier, attributes),
      generation: (): Moment => ({ generation: interrupts.generation, work: this.current }),
      resume: <T>(moment: Moment, value?: T) => {
        if (moment.generation !== interrupts.generation) throw new Interrupted();
        if (moment.work !== this.current) this.goOn(moment.work);
        return value as T;
      },
      meta: metaOf(options),
    };
  }

  /** The cell or comm message that runs, or the last one that ran: output belongs to it. */
  get currentCell(): number {
    return this.present.id;
  }

  /** Where it stands in the notebook. */
  get currentPlace(): string | undefined {
    return this.present.place;
  }

  get names(): ReadonlySet<string> {
    return this.declared;
  }

  execute(message: ExecuteMessage): Promise<void> {
    interrupts.cellBegins({ alone: this.running.size === 0 });
    const cell = this.begin(message.cell, message.place);
    this.cell = cell;
    return this.context.run(cell, () => this.run(cell, message));
  }

  private async run(cell: Work, message: ExecuteMessage): Promise<void> {
    // Code that is stopped ends without returning here; `stopped` finishes the cell then.
    try {
      if (message.stops < interrupts.requests) throw new Interrupted();
      await null;
      if (cell.finished) return; // stopped before it could begin
      const value = await this.evaluate(message.code, `Cell[${message.count}]`);
      const result = value === undefined || message.silent ? undefined : await asBundle(value);
      await settled(cell);
      this.finish(cell, { status: "ok", result, expressions: await this.expressions(message.expressions) });
    } catch (error) {
      this.finish(cell, { status: "error", ...this.failure(error) });
    }
  }

  /** Runs `work` beside the cell: its output and its errors go under `id`, and it is done when its promise is. */
  runIn(id: number, work: () => unknown): Promise<void> {
    if (this.running.size === 0) interrupts.cellBegins({ alone: true });
    const handling = this.begin(id);
    return this.context.run(handling, () => this.handle(handling, work));
  }

  private async handle(handling: Work, work: () => unknown): Promise<void> {
    try {
      await null;
      await this.beginIn(handling, work);
      await settled(handling);
      this.finish(handling, { status: "ok", expressions: {} });
    } catch (error) {
      this.finish(handling, { status: "error", ...this.failure(error) });
    }
  }

  /** Keeps what runs from finishing before `work` has settled. */
  waitFor(work: Promise<unknown>): void {
    const { pending } = this.present;
    const settled = work.catch((error) => this.late(error)).finally(() => pending.delete(settled));
    pending.add(settled);
  }

  /** The stop reached the main thread. Our own loops end by themselves, and so does what waits for one. */
  stopped(cooperative: boolean): void {
    const running = [...this.running];
    if (!cooperative) this.interrupted(running);
    else this.endAfterLoops(running);
  }

  /** An error that no cell waits for: from a timer, or a rejection that nobody handles. */
  late(error: unknown): void {
    if (error instanceof Interrupted) return;
    report({ type: "error", cell: this.currentCell, ...this.failure(error) });
  }

  private async evaluate(source: string, name: string): Promise<unknown> {
    const { commands, code } = splitCommands(source);
    const { generation } = interrupts;
    await runCommands(commands, this.options.folder);
    const compiled = interrupts.protect(() => this.compile(code, name));
    await this.options.helpers.provide(compiled.free, (free) => this.declared.has(free));
    if (generation !== interrupts.generation) throw new Interrupted();
    const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
    const run = runInThisContext(compiled.script, { filename: name, importModuleDynamically });
    const returned = run(this.runtime);
    const result = compiled.awaits ? await returned : returned;
    return result?.[0];
  }

  /** Compiles a cell and declares its names. */
  private compile(code: string, name: string): CompiledCell {
    const compiled = this.compiler.compile(code, name);
    if (compiled.slots !== "") runInThisContext(compiled.slots);
    for (const declared of compiled.declares.keys()) this.declared.add(declared);
    if (compiled.declares.size > 0) report({ type: "declared", names: Object.fromEntries(compiled.declares) });
    return compiled;
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

  private begin(id: number, place?: string): Work {
    const work: Work = { id, place, pending: new Set(), finished: false };
    this.running.add(work);
    this.current = work;
    return work;
  }

  private get present(): Work {
    return this.context.origin ?? this.current;
  }

  private beginIn(handling: Work, work: () => unknown): unknown {
    this.current = handling;
    try {
      return work();
    } finally {
      this.letGo(handling);
    }
  }

  /** Code of `work` goes on after an await, until its next one. */
  private goOn(work: Work): void {
    this.current = work;
    queueMicrotask(() => this.letGo(work));
  }

  private letGo(work: Work): void {
    if (work.finished || !this.cell.finished) this.current = this.cell;
  }

  private finish(work: Work, outcome: Outcome): void {
    interrupts.protect(() => {
      if (work.finished) return;
      work.finished = true;
      this.running.delete(work);
      if (this.current === work) this.current = this.cell;
      report({ type: "done", cell: work.id, outcome });
    });
  }

  private interrupted(running: readonly Work[]): void {
    for (const work of running) this.finish(work, { status: "error", ...this.failure(new Interrupted()) });
  }

  private endAfterLoops(running: readonly Work[]): void {
    const graceMs = 1000;
    const left = () => running.filter(({ finished }) => !finished);
    const timer = setInterval(() => {
      if (left().length > 0 && interrupts.cooperativeLoops > 0) return;
      clearInterval(timer);
      setTimeout(() => {
        if (left().length === 0) return;
        // What has begun since was not meant.
        if (left().length === this.running.size) interrupts.generation++;
        this.interrupted(left());
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

/** What `import.meta` is in a cell: as in a module that stands where the notebook does. */
function metaOf({ folder, notebook }: SessionOptions): CellRuntime["meta"] {
  if (notebook === undefined) return { url: `${pathToFileURL(folder)}/`, dirname: folder };
  return { url: pathToFileURL(notebook).href, filename: notebook, dirname: folder };
}

async function settled({ pending }: Work): Promise<void> {
  while (pending.size > 0) await Promise.all(pending);
}

async function asBundle(value: unknown): Promise<Bundle> {
  return { data: await bundleFor(value), metadata: {} };
}

/** V8 names what it could not call by the compiled text, where an await is a call of ours. */
function inUserTerms(message: string): string {
  return message.replace(/\$etude\d*\.resume(\(\.\.\.\))?/g, "(intermediate value)");
}
