import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { show } from "../core/check.js";
import { checkNames } from "../core/check-options.js";
import { OptionError } from "../core/errors.js";
import type { JsonValue } from "../core/json.js";
import type { Callback, FitTask, Metrics, Task } from "./callback.js";

export interface CSVLoggerOptions {
  /** Go on with the rows of an earlier run that reports the same. @default false */
  readonly append?: boolean;
}

/**
 * Writes a row for each epoch to a CSV file (RFC 4180) as soon as it ends: `epoch`, `step`, `seconds`, `learningRate` and what
 * the run reports.
 *
 * @example
 * fit(model, { ...options, callbacks: [new CSVLogger("runs/penguins.csv")] });
 */
export class CSVLogger implements Callback {
  readonly name = "CSVLogger";
  private readonly append: boolean;
  private fit: FitTask | undefined;
  /** Characters of the file before the rows of this run; undefined until it has begun to write. */
  private start: number | undefined;
  private isResumed = false;
  private startedMs = 0;

  /** @param path - Missing folders are made. */
  constructor(
    readonly path: string,
    options: CSVLoggerOptions = {},
  ) {
    if (typeof path !== "string" || path === "") {
      throw new OptionError(`CSVLogger: path must be the name of a file, got ${show(path)}.`);
    }
    checkNames("CSVLogger", options, ["append"]);
    this.append = options.append ?? false;
  }

  async onTrainBegin(fit: FitTask): Promise<void> {
    this.fit = fit;
    this.start = undefined;
    this.isResumed = false;
    this.startedMs = performance.now();
    await this.prepared(() => mkdir(dirname(this.path), { recursive: true }));
  }

  async onEpochEnd(epoch: Task, metrics: Metrics): Promise<void> {
    const { step, learningRate, reports } = this.fit!;
    const header = line(["epoch", "step", "seconds", "learningRate", ...reports]);
    if (this.isResumed) await this.goOn(epoch.index);
    else if (this.start === undefined) await this.begin(header);
    const seconds = ((performance.now() - this.startedMs) / 1000).toFixed(3);
    const row = [epoch.index + 1, step, seconds, learningRate, ...reports.map((name) => metrics[name] ?? "")];
    await appendFile(this.path, line(row));
  }

  onTrainEnd(): void {
    this.fit = undefined;
  }

  state(): JsonValue {
    return { start: this.start, seconds: (performance.now() - this.startedMs) / 1000 };
  }

  restore(state: JsonValue): void {
    const { start, seconds } = state as { start?: number; seconds: number };
    this.start = start;
    this.isResumed = start !== undefined;
    this.startedMs = performance.now() - 1000 * seconds;
  }

  /** The header of a new file, or what an earlier run has left, if it is to be gone on with. */
  private async begin(header: string): Promise<void> {
    const before = this.append ? wholeRows(await this.read()) : "";
    const columns = before.slice(0, before.indexOf("\n") + 1);
    if (before !== "" && columns !== header) {
      throw new OptionError(
        `CSVLogger: ${show(this.path)} has other columns than this run, which has ${header.trimEnd()}. Choose another file.`,
      );
    }
    const text = before === "" ? header : before;
    this.start = text.length;
    await writeFile(this.path, text);
  }

  /** Without the epochs after the checkpoint, which this run now makes again. */
  private async goOn(epochsDone: number): Promise<void> {
    this.isResumed = false;
    const text = wholeRows(await this.read());
    const rows = text.slice(this.start).split("\n").slice(0, -1);
    const kept = rows.filter((row) => Number(row.slice(0, row.indexOf(","))) <= epochsDone);
    await writeFile(this.path, text.slice(0, this.start) + kept.map((row) => `${row}\n`).join(""));
  }

  private async read(): Promise<string> {
    return readFile(this.path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
  }

  private async prepared(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw new OptionError(`CSVLogger: cannot write ${show(this.path)}: ${(error as Error).message}.`);
    }
  }
}

/** A row that a killed process did not finish has no line end. */
function wholeRows(text: string): string {
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

function line(cells: readonly (string | number)[]): string {
  const quoted = cells.map((cell) => {
    const text = String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${quoted.join(",")}\n`;
}
