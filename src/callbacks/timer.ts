import { readableDuration, readableNumber } from "../charts/numbers.js";
import { htmlTable, type TableCell, textTable } from "../core/table.js";
import { LiveDisplay } from "../output/live-display.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";
import type { Callback, FitTask, Task } from "./callback.js";

/** How long an epoch took. */
export interface EpochTime {
  /** From 1. */
  readonly epoch: number;
  /** All of it: steps, validation, callbacks. */
  readonly seconds: number;
  /** The steps alone. */
  readonly trainSeconds: number;
  /** The mean step. */
  readonly secondsPerStep: number;
  readonly samplesPerSecond: number;
}

/**
 * Measures how long epochs and steps take, and how long the rest of the run will. Shows one line that is brought up to date while
 * the run goes on.
 *
 * @example
 * const timer = new Timer();
 * await fit(model, { ...options, callbacks: [timer] });
 * timer; // a row for each epoch
 */
export class Timer implements Callback, Displayable {
  readonly name = "Timer";
  private live = new LiveDisplay();
  private fit: FitTask | undefined;
  private rows: EpochTime[] = [];
  private total: number | null = null;
  private startedMs = 0;
  private endedMs: number | undefined;
  private epochStartedMs = 0;
  private firstStep = 0;
  private trainedMs: number | undefined;

  /** @param now - Milliseconds of a clock that never goes back. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** A row for each epoch that ended. */
  get epochs(): readonly EpochTime[] {
    return this.rows;
  }

  /** Of the run up to now, or to its end. */
  get seconds(): number {
    return ((this.endedMs ?? this.now()) - this.startedMs) / 1000;
  }

  /** What the epochs that are left will take if they are like the last five; null before the first one ended. */
  get etaSeconds(): number | null {
    const latest = this.rows.slice(-5);
    if (latest.length === 0 || this.total === null || this.endedMs !== undefined) return null;
    const mean = latest.reduce((sum, { seconds }) => sum + seconds, 0) / latest.length;
    return Math.max(0, this.total - this.rows.at(-1)!.epoch) * mean;
  }

  onTrainBegin(fit: FitTask): void {
    this.live = new LiveDisplay();
    this.fit = fit;
    this.rows = [];
    this.total = fit.total;
    this.startedMs = this.now();
    this.endedMs = undefined;
  }

  onEpochBegin(): void {
    this.epochStartedMs = this.now();
    this.firstStep = this.fit!.step;
    this.trainedMs = undefined;
  }

  onValidationBegin(): void {
    this.trainedMs = this.now();
  }

  onEpochEnd({ index }: Task): void {
    const { step, nSamples } = this.fit!;
    const endMs = this.now();
    const trainSeconds = ((this.trainedMs ?? endMs) - this.epochStartedMs) / 1000;
    this.rows.push({
      epoch: index + 1,
      seconds: (endMs - this.epochStartedMs) / 1000,
      trainSeconds,
      secondsPerStep: trainSeconds / (step - this.firstStep),
      samplesPerSecond: nSamples / trainSeconds,
    });
    this.live.show(() => ({ [displaySymbol]: () => ({ "text/plain": this.line }) }));
  }

  onTrainEnd(): void {
    this.endedMs = this.now();
    this.fit = undefined;
    const { line } = this;
    this.live.finish({ [displaySymbol]: () => ({ "text/plain": line }) });
  }

  [displaySymbol](): MimeBundle {
    const header = ["epoch", "seconds", "trainSeconds", "secondsPerStep", "samplesPerSecond"] as const;
    const rows: TableCell[][] = this.rows.map((row) => header.map((name) => row[name]));
    return {
      "text/plain": `${this.line}\n${textTable(header, rows)}`,
      "text/html": `<div><div>${this.line}</div>${htmlTable(header, rows)}</div>`,
    };
  }

  private get line(): string {
    const { etaSeconds, seconds, total } = this;
    const last = this.rows.at(-1);
    const parts = [
      `epoch ${last?.epoch ?? 0}${total === null ? "" : ` / ${total}`}`,
      readableDuration(seconds),
      ...(last ? [`${readableNumber(1000 * last.secondsPerStep)} ms/step`] : []),
      ...(last ? [`${readableNumber(last.samplesPerSecond)} samples/s`] : []),
      ...(etaSeconds === null ? [] : [`${readableDuration(etaSeconds)} left`]),
    ];
    return `Timer: ${parts.join("  ·  ")}`;
  }
}
