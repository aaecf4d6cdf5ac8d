import { checkNumber, checkOneOf } from "../core/check.js";
import { checkNames } from "../core/check-options.js";
import { type JsonValue, numberFromJSON, numberToJSON } from "../core/json.js";
import { formatNumber } from "../core/table.js";
import type { Callback, FitTask, Metrics, Task } from "./callback.js";
import { improves } from "./direction.js";
import { Monitor, type MonitorOptions } from "./monitor.js";

export interface ModelCheckpointOptions extends Omit<MonitorOptions, "minDelta"> {
  /** How many of the best epochs are kept, from 0. @default 1 */
  readonly saveTopK?: number;
  /** Write one after every epoch, over the one before. @default true */
  readonly saveLast?: boolean;
  /** Write one after every so many steps, over the one before, from 1. @default never */
  readonly everySteps?: number;
  /** Write one after so many minutes, over the one before, above 0. @default never */
  readonly everyMinutes?: number;
  /** Write one when the run ends with an error. @default true */
  readonly onException?: boolean;
}

/** A checkpoint of one of the best epochs. */
export interface BestCheckpoint {
  /** From 1. */
  readonly epoch: number;
  /** Of the metric that is watched. */
  readonly value: number;
  readonly path: string;
}

/**
 * Writes checkpoints, from which a run goes on and a model is loaded: of the best epochs (`best-1`, `best-2`, ... up to
 * `saveTopK`, in the order in which they were written), of the last epoch (`last`), every so many steps or minutes (`latest`),
 * and when the run fails (`exception`).
 *
 * @example
 * fit(model, { ...options, callbacks: [new ModelCheckpoint({ monitor: "val_accuracy", saveTopK: 3, everyMinutes: 10 })] });
 */
export class ModelCheckpoint implements Callback {
  readonly name = "ModelCheckpoint";
  onBatchEnd?: () => Promise<void>;
  private readonly monitor: Monitor;
  private readonly saveTopK: number;
  private readonly saveLast: boolean;
  private readonly everySteps: number | undefined;
  private readonly everyMinutes: number | undefined;
  private readonly savesOnException: boolean;
  private fit: FitTask | undefined;
  private kept: (BestCheckpoint & { readonly name: string })[] = [];
  private savedMs = 0;

  constructor(options: ModelCheckpointOptions = {}) {
    const where = "ModelCheckpoint";
    const names = ["monitor", "mode", "saveTopK", "saveLast", "everySteps", "everyMinutes", "onException"];
    checkNames(where, options, names);
    const { saveTopK = 1, saveLast = true, everySteps, everyMinutes, onException = true } = options;
    for (const [name, flag] of Object.entries({ saveLast, onException })) {
      checkOneOf(where, name, String(flag), ["true", "false"]);
    }
    this.saveTopK = checkNumber(where, "saveTopK", saveTopK, { integer: true, atLeast: 0 });
    if (everySteps !== undefined) checkNumber(where, "everySteps", everySteps, { integer: true, atLeast: 1 });
    if (everyMinutes !== undefined) checkNumber(where, "everyMinutes", everyMinutes, { above: 0 });
    this.monitor = new Monitor(where, options);
    this.saveLast = saveLast;
    this.everySteps = everySteps;
    this.everyMinutes = everyMinutes;
    this.savesOnException = onException;
    if (everySteps !== undefined || everyMinutes !== undefined) this.onBatchEnd = () => this.saveLatest();
  }

  /** The best epochs that are kept, the best one first. */
  get best(): readonly BestCheckpoint[] {
    const worse = (a: BestCheckpoint, b: BestCheckpoint) => improves(this.monitor.mode, b.value, a.value);
    const inOrder = [...this.kept].sort((a, b) => Number(worse(a, b)) - Number(worse(b, a)));
    return inOrder.map(({ epoch, value, path }) => ({ epoch, value, path }));
  }

  onTrainBegin(fit: FitTask): void {
    if (this.saveTopK > 0) this.monitor.check(fit);
    this.fit = fit;
    this.kept = [];
    this.savedMs = performance.now();
  }

  async onEpochEnd(epoch: Task, metrics: Metrics): Promise<void> {
    if (this.saveTopK > 0) await this.saveBest(epoch.index + 1, this.monitor.valueIn(metrics));
    if (this.saveLast) await this.fit!.checkpoint("last", `Epoch ${epoch.index + 1} ended.`);
  }

  async onException(fit: FitTask, error: unknown): Promise<void> {
    if (!this.savesOnException) return;
    const what = error instanceof Error ? error.message : String(error);
    await fit.checkpoint("exception", `The run failed: ${what}`);
  }

  onTrainEnd(): void {
    this.fit = undefined;
  }

  state(): JsonValue {
    return { kept: this.kept.map((one) => ({ ...one, value: numberToJSON(one.value) })) };
  }

  restore(state: JsonValue): void {
    const { kept } = state as unknown as { kept: (BestCheckpoint & { readonly name: string })[] };
    this.kept = kept.map((one) => ({ ...one, value: numberFromJSON(one.value) }));
  }

  private async saveBest(epoch: number, value: number): Promise<void> {
    const { metric, mode } = this.monitor;
    const isFull = this.kept.length === this.saveTopK;
    const worst = this.kept.reduce((a, b) => (improves(mode, a.value, b.value) ? b : a), this.kept[0]!);
    if (isFull && !improves(mode, value, worst.value)) return;
    const name = isFull ? worst.name : `best-${this.kept.length + 1}`;
    const reason = `${metric} ${formatNumber(value)} of epoch ${epoch} is among the ${this.saveTopK} best.`;
    const others = this.kept.filter((one) => one.name !== name);
    // In the list before it is written: the checkpoint itself says so to a run that goes on from it.
    this.kept = [...others, { epoch, value, name, path: name }];
    const path = await this.fit!.checkpoint(name, reason);
    this.kept = [...others, { epoch, value, name, path }];
  }

  private async saveLatest(): Promise<void> {
    const { step } = this.fit!;
    const minutes = (performance.now() - this.savedMs) / 60_000;
    const byStep = this.everySteps !== undefined && step % this.everySteps === 0;
    const byTime = this.everyMinutes !== undefined && minutes >= this.everyMinutes;
    if (!byStep && !byTime) return;
    this.savedMs = performance.now();
    await this.fit!.checkpoint("latest", byStep ? `${step} steps are done.` : `${this.everyMinutes} minutes are over.`);
  }
}
