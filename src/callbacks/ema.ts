import { checkNumber, checkOneOf } from "../core/check.js";
import { checkNames } from "../core/check-options.js";
import type { JsonValue } from "../core/json.js";
import type { Callback, FitTask } from "./callback.js";
import { WeightAverages, weightsFromJSON, weightsToJSON } from "./weight-averages.js";

export interface EMAOptions {
  /** How much of the average stays at each step, from 0 to below 1. @default 0.999 */
  readonly decay?: number;
  /** Begin with less decay, `(1 + n) / (10 + n)` at the n-th step, so that the first weights are soon forgotten. @default true */
  readonly warmUp?: boolean;
}

/**
 * Follows the weights with an exponential moving average (Polyak & Juditsky, SIAM J. Control Optim. 30, 1992), which often is
 * better than any of them. Validation measures the average, and callbacks that keep weights at the end of an epoch keep it;
 * training goes on with the weights themselves. At the end the model has the average, unless another callback put back the
 * weights of an epoch.
 *
 * @example
 * fit(model, { ...options, callbacks: [new EMA({ decay: 0.99 }), new EarlyStopping()] });
 */
export class EMA implements Callback {
  readonly name = "EMA";
  private readonly decay: number;
  private readonly warmUp: boolean;
  private readonly averages = new WeightAverages();
  /** The weights of training, while the model has the average. */
  private aside: Float32Array[] | undefined;
  private nAdded = 0;
  private fit: FitTask | undefined;

  constructor(options: EMAOptions = {}) {
    checkNames("EMA", options, ["decay", "warmUp"]);
    const { decay = 0.999, warmUp = true } = options;
    this.decay = checkNumber("EMA", "decay", decay, { atLeast: 0, below: 1 });
    checkOneOf("EMA", "warmUp", String(warmUp), ["true", "false"]);
    this.warmUp = warmUp;
  }

  onTrainBegin(fit: FitTask): void {
    this.fit = fit;
    this.averages.clear();
    this.aside = undefined;
    this.nAdded = 0;
  }

  onEpochBegin(): void {
    if (this.aside !== undefined) this.fit!.setWeights(this.aside);
    this.aside = undefined;
  }

  onBatchEnd(): void {
    const n = ++this.nAdded;
    const decay = this.warmUp ? Math.min(this.decay, (1 + n) / (10 + n)) : this.decay;
    this.averages.add(this.fit!, 1 - decay);
  }

  onValidationBegin(): void {
    this.aside = this.fit!.weights().map((values) => values.slice());
    this.fit!.setWeights(this.averages.values!);
  }

  onTrainEnd(fit: FitTask): void {
    const { averages, aside } = this;
    // After a loss that diverged the averages may have come to nothing; then the last good weights stay.
    if (aside === undefined && averages.areFinite && fit.restoredEpoch === null) fit.setWeights(averages.values!);
    averages.clear();
    this.aside = undefined;
    this.fit = undefined;
  }

  state(): JsonValue {
    return { averages: this.averages.toJSON(), aside: weightsToJSON(this.aside), nAdded: this.nAdded };
  }

  restore(state: JsonValue): void {
    const { averages, aside, nAdded } = state as { averages: JsonValue; aside: JsonValue; nAdded: number };
    this.averages.restore(averages);
    this.aside = weightsFromJSON(aside);
    this.nAdded = nAdded;
  }
}
