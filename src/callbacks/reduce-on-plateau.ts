import { checkNumber } from "../core/check.js";
import { type JsonValue, numberFromJSON, numberToJSON } from "../core/json.js";
import type { Callback, FitTask, Metrics, Task } from "./callback.js";
import { Monitor, type MonitorOptions } from "./monitor.js";

export interface ReduceOnPlateauOptions extends MonitorOptions {
  /** What the learning rate is multiplied by, above 0 and below 1. @default 0.1 */
  readonly factor?: number;
  /** Epochs without improvement before it falls, from 1. @default 10 */
  readonly patience?: number;
  /** A smaller change is no improvement, from 0. @default 0.0001 */
  readonly minDelta?: number;
  /** Epochs after a fall that do not count as waiting. @default 0 */
  readonly cooldown?: number;
  /** It falls no lower, from 0. @default 0 */
  readonly minLearningRate?: number;
}

/**
 * Lowers the learning rate when `monitor` no longer improves. `patience` counts as in Keras and in `EarlyStopping`: the rate
 * falls after so many epochs without improvement, where the `ReduceLROnPlateau` of PyTorch waits for one more.
 *
 * @example
 * fit(model, { train, validation, epochs: 200, callbacks: [new ReduceOnPlateau({ patience: 5 }), new EarlyStopping({ patience: 20 })] });
 */
export class ReduceOnPlateau implements Callback {
  readonly name = "ReduceOnPlateau";
  private readonly monitor: Monitor;
  private readonly factor: number;
  private readonly patience: number;
  private readonly cooldown: number;
  private readonly minLearningRate: number;
  private fit: FitTask | undefined;
  private best = Number.NaN;
  private waited = 0;
  private cooling = 0;

  constructor(options: ReduceOnPlateauOptions = {}) {
    const where = "ReduceOnPlateau";
    const { factor = 0.1, patience = 10, minDelta = 1e-4, cooldown = 0, minLearningRate = 0 } = options;
    this.factor = checkNumber(where, "factor", factor, { above: 0, below: 1 });
    this.patience = checkNumber(where, "patience", patience, { integer: true, atLeast: 1 });
    checkNumber(where, "minDelta", minDelta, { atLeast: 0 });
    this.cooldown = checkNumber(where, "cooldown", cooldown, { integer: true, atLeast: 0 });
    this.minLearningRate = checkNumber(where, "minLearningRate", minLearningRate, { atLeast: 0 });
    this.monitor = new Monitor(where, { ...options, minDelta });
  }

  onTrainBegin(fit: FitTask): void {
    this.monitor.check(fit);
    this.fit = fit;
    this.best = Number.NaN;
    this.waited = 0;
    this.cooling = 0;
  }

  onEpochEnd(_: Task, metrics: Metrics): void {
    const value = this.monitor.valueIn(metrics);
    if (this.monitor.improves(value, this.best)) {
      this.best = value;
      this.waited = 0;
    } else {
      this.waited++;
    }
    if (this.cooling > 0) {
      this.cooling--;
      this.waited = 0;
    }
    if (this.waited < this.patience) return;
    const fit = this.fit!;
    const rate = Math.max(fit.learningRate * this.factor, this.minLearningRate);
    if (rate < fit.learningRate) fit.setLearningRate(rate);
    this.cooling = this.cooldown;
    this.waited = 0;
  }

  onTrainEnd(): void {
    this.fit = undefined;
  }

  state(): JsonValue {
    return { best: numberToJSON(this.best), waited: this.waited, cooling: this.cooling };
  }

  restore(state: JsonValue): void {
    const { best, waited, cooling } = state as { best: JsonValue; waited: number; cooling: number };
    this.best = numberFromJSON(best);
    this.waited = waited;
    this.cooling = cooling;
  }
}
