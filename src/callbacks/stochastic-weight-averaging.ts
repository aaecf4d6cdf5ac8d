import { checkNumber } from "../core/check.js";
import { checkNames } from "../core/check-options.js";
import { OptionError } from "../core/errors.js";
import type { JsonValue } from "../core/json.js";
import type { Callback, FitTask, Task } from "./callback.js";
import { WeightAverages } from "./weight-averages.js";

export interface StochasticWeightAveragingOptions {
  /** Epochs at the start whose weights are not averaged, from 0. @default three quarters of the epochs */
  readonly startFromEpoch?: number;
  /** From then on, above 0; high enough to move around in the valley. @default as it is */
  readonly learningRate?: number;
  /** Epochs in which the learning rate goes there, along a cosine, from 0. @default 5 */
  readonly annealEpochs?: number;
}

/**
 * Gives the model at the end the mean of its weights after each of the last epochs, which lies where the loss is flat, and sets
 * the moments of its batch normalisations anew with the training rows: Izmailov, Podoprikhin, Garipov, Vetrov & Wilson, UAI 2018.
 * What the epochs report is measured with the weights themselves. Weights that another callback put back stay.
 *
 * @example
 * fit(model, { ...options, epochs: 40, callbacks: [new StochasticWeightAveraging({ learningRate: 0.02 })] });
 */
export class StochasticWeightAveraging implements Callback {
  readonly name = "StochasticWeightAveraging";
  private readonly startFromEpoch: number | undefined;
  private readonly learningRate: number | undefined;
  private readonly annealEpochs: number;
  private readonly averages = new WeightAverages();
  private fit: FitTask | undefined;
  private start = 0;
  private startRate = 0;
  private nAdded = 0;

  constructor(options: StochasticWeightAveragingOptions = {}) {
    const where = "StochasticWeightAveraging";
    checkNames(where, options, ["startFromEpoch", "learningRate", "annealEpochs"]);
    const { startFromEpoch, learningRate, annealEpochs = 5 } = options;
    const epochs = { integer: true, atLeast: 0 };
    if (startFromEpoch !== undefined) checkNumber(where, "startFromEpoch", startFromEpoch, epochs);
    if (learningRate !== undefined) checkNumber(where, "learningRate", learningRate, { above: 0 });
    this.annealEpochs = checkNumber(where, "annealEpochs", annealEpochs, epochs);
    this.startFromEpoch = startFromEpoch;
    this.learningRate = learningRate;
  }

  /** How many epochs are in the mean. */
  get nAveraged(): number {
    return this.nAdded;
  }

  onTrainBegin(fit: FitTask): void {
    const where = "StochasticWeightAveraging";
    if (fit.total === null && this.startFromEpoch === undefined) {
      throw new OptionError(`${where}: how many epochs there will be is not known. Pass startFromEpoch.`);
    }
    this.start = this.startFromEpoch ?? Math.floor(0.75 * fit.total!);
    if (fit.total !== null && this.start >= fit.total) {
      throw new OptionError(
        `${where}: startFromEpoch must be below ${fit.total}, the epochs of the run, got ${this.start}.`,
      );
    }
    this.fit = fit;
    this.averages.clear();
    this.nAdded = 0;
  }

  onEpochBegin({ index }: Task): void {
    if (this.learningRate === undefined || index < this.start) return;
    const fit = this.fit!;
    if (index === this.start) this.startRate = fit.learningRate;
    const done = this.annealEpochs === 0 ? 1 : Math.min(1, (index - this.start + 1) / this.annealEpochs);
    const left = 0.5 * (1 + Math.cos(Math.PI * done));
    fit.setLearningRate(this.learningRate + (this.startRate - this.learningRate) * left);
  }

  onEpochEnd({ index }: Task): void {
    if (index < this.start) return;
    this.averages.add(this.fit!, 1 / ++this.nAdded);
  }

  async onTrainEnd(fit: FitTask): Promise<void> {
    const { values } = this.averages;
    this.averages.clear();
    this.fit = undefined;
    if (values === undefined || fit.restoredEpoch !== null) return;
    fit.setWeights(values);
    await fit.reestimateBatchStatistics();
  }

  state(): JsonValue {
    return { averages: this.averages.toJSON(), nAdded: this.nAdded, startRate: this.startRate };
  }

  restore(state: JsonValue): void {
    const { averages, nAdded, startRate } = state as { averages: JsonValue; nAdded: number; startRate: number };
    this.averages.restore(averages);
    this.nAdded = nAdded;
    this.startRate = startRate;
  }
}
