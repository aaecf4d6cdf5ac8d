import { checkNumber } from "../core/check.js";
import { type JsonValue, numberFromJSON, numberToJSON } from "../core/json.js";
import { formatNumber } from "../core/table.js";
import type { Answer, Callback, FitTask, KeptWeights, Metrics, Task } from "./callback.js";
import { Monitor, type MonitorOptions } from "./monitor.js";
import { CheckedPatience, type Patience, type Progress } from "./patience.js";

export interface EarlyStoppingOptions extends MonitorOptions {
  /**
   * How long to wait for an improvement before training stops: epochs, from 0, or `{ steps: 500 }`, or `{ seconds: 60 }`; it is
   * looked at after each epoch. @default 5
   */
  readonly patience?: Patience;
  /** A smaller change is no improvement, from 0. @default 0 */
  readonly minDelta?: number;
  /** Training stops unless it gets better than this within its patience. @default none */
  readonly baseline?: number;
  /** Epochs at the start that are neither the best nor waited for. @default 0 */
  readonly startFromEpoch?: number;
  /**
   * From 0 to below 1: how much of the value before stays in each new one, against noise. The mean so far is what counts and
   * what is best, `(1 - s) sum(s^k value[t - k]) / (1 - s^(t + 1))`. @default 0
   */
  readonly smoothing?: number;
  /** Put the weights of the best epoch back when training ends, whatever ended it. @default true */
  readonly restoreBest?: boolean;
}

interface Best {
  readonly epoch: number;
  readonly value: number;
  readonly weights?: KeptWeights;
}

/**
 * Stops when `monitor` no longer improves, and leaves the model with the weights of its best epoch: whether it was this callback
 * that ended the run, or its last epoch, Stop, a loss that diverged or an error.
 *
 * @example
 * fit(model, { train, validation, epochs: 200, callbacks: [new EarlyStopping({ patience: 10 })] });
 */
export class EarlyStopping implements Callback {
  readonly name = "EarlyStopping";
  private readonly monitor: Monitor;
  private readonly patience: CheckedPatience;
  private readonly baseline: number | undefined;
  private readonly startFromEpoch: number;
  private readonly smoothing: number;
  private readonly restoreBest: boolean;
  private fit: FitTask | undefined;
  private best: Best | undefined;
  /** When waiting began: at the last improvement. */
  private since: Progress | undefined;
  private previousEpoch: Progress = { epochs: -1, steps: 0, seconds: 0 };
  private smoothed = { sum: 0, weight: 0 };
  private startedMs = 0;

  constructor(options: EarlyStoppingOptions = {}) {
    const { patience = 5, minDelta = 0, baseline, startFromEpoch = 0, smoothing = 0, restoreBest = true } = options;
    this.patience = new CheckedPatience("EarlyStopping", patience);
    checkNumber("EarlyStopping", "minDelta", minDelta, { atLeast: 0 });
    this.monitor = new Monitor("EarlyStopping", { ...options, minDelta });
    this.baseline = baseline === undefined ? undefined : checkNumber("EarlyStopping", "baseline", baseline);
    const epochs = { integer: true, atLeast: 0 };
    this.startFromEpoch = checkNumber("EarlyStopping", "startFromEpoch", startFromEpoch, epochs);
    this.smoothing = checkNumber("EarlyStopping", "smoothing", smoothing, { atLeast: 0, below: 1 });
    this.restoreBest = restoreBest;
  }

  onTrainBegin(fit: FitTask): void {
    this.monitor.check(fit);
    this.fit = fit;
    this.best = undefined;
    this.since = undefined;
    this.previousEpoch = { epochs: -1, steps: fit.step, seconds: 0 };
    this.smoothed = { sum: 0, weight: 0 };
    this.startedMs = performance.now();
  }

  onEpochEnd(epoch: Task, metrics: Metrics): Answer {
    const [before, now] = [this.previousEpoch, this.progress(epoch)];
    this.previousEpoch = now;
    if (epoch.index < this.startFromEpoch) return;
    const value = this.smooth(this.monitor.valueIn(metrics));
    this.since ??= before;
    if (this.best === undefined || this.monitor.improves(value, this.best.value)) {
      this.best?.weights?.dispose();
      this.best = { epoch: epoch.index, value, ...(this.restoreBest && { weights: this.fit!.keepWeights() }) };
      if (this.baseline === undefined || this.monitor.improves(value, this.baseline)) {
        this.since = now;
        return;
      }
    }
    if (!this.patience.isOver(this.since, now)) return;
    return { stop: `EarlyStopping: ${this.whyNot(this.best)} for ${this.patience.waited(this.since, now)}.` };
  }

  onTrainEnd(): void {
    this.best?.weights?.restore();
    this.best?.weights?.dispose();
    this.fit = undefined;
    this.best = undefined;
  }

  state(): JsonValue {
    const { best, since, smoothed } = this;
    return {
      best: best && {
        epoch: best.epoch,
        value: numberToJSON(best.value),
        ...(best.weights && { weights: best.weights.toJSON() }),
      },
      since: since && { ...since },
      previousEpoch: { ...this.previousEpoch },
      smoothed: { sum: numberToJSON(smoothed.sum), weight: smoothed.weight },
      seconds: (performance.now() - this.startedMs) / 1000,
    };
  }

  restore(state: JsonValue): void {
    const { best, since, previousEpoch, smoothed, seconds } = state as unknown as Stored;
    this.best?.weights?.dispose();
    this.best = best && {
      epoch: best.epoch,
      value: numberFromJSON(best.value),
      ...(best.weights !== undefined && this.restoreBest && { weights: this.fit!.weightsFromJSON(best.weights) }),
    };
    this.since = since;
    this.previousEpoch = previousEpoch;
    this.smoothed = { sum: numberFromJSON(smoothed.sum), weight: smoothed.weight };
    this.startedMs = performance.now() - 1000 * seconds;
  }

  private progress({ index }: Task): Progress {
    return { epochs: index, steps: this.fit!.step, seconds: (performance.now() - this.startedMs) / 1000 };
  }

  private smooth(value: number): number {
    const { smoothing } = this;
    if (smoothing === 0 || Number.isNaN(value)) return value;
    const { sum, weight } = this.smoothed;
    this.smoothed = { sum: smoothing * sum + (1 - smoothing) * value, weight: smoothing * weight + 1 - smoothing };
    return this.smoothed.sum / this.smoothed.weight;
  }

  private whyNot({ value, epoch }: Best): string {
    const { metric } = this.monitor;
    const best = `${formatNumber(value)} of epoch ${epoch + 1}`;
    if (this.baseline !== undefined && !this.monitor.improves(value, this.baseline)) {
      return `${metric}, at best the ${best}, did not reach the baseline ${formatNumber(this.baseline)}`;
    }
    return `${metric} did not improve on the ${best}`;
  }
}

interface Stored {
  readonly best?: { readonly epoch: number; readonly value: JsonValue; readonly weights?: JsonValue };
  readonly since?: Progress;
  readonly previousEpoch: Progress;
  readonly smoothed: { readonly sum: JsonValue; readonly weight: number };
  readonly seconds: number;
}
