import { isLoss } from "../losses/losses.js";
import type { NumberBlock } from "./number-block.js";
import type { OutputLoss } from "./objective.js";

/**
 * The loss of one output over all rows, from those of batches of any size. Each batch weighs as much as what its loss is a mean
 * over: rows; the weights of its samples with reduction "weightedMean"; labels that are not ignored. The root of a mean is the
 * root of all squares. A loss with reduction "sum" gives the mean of the batches' sums by their rows, as Keras reports it, and
 * so does one that is no mean over samples.
 */
export class LossSum {
  private sum = 0;
  private weight = 0;
  private readonly power: 1 | 2;
  private readonly weightOf: (rows: Int32Array) => number;

  constructor({ loss }: OutputLoss, targets: NumberBlock, weights: NumberBlock | null) {
    const { name = "", options = {} } = isLoss(loss) ? loss.config : {};
    const isMean = options.reduction !== "sum" && options.over !== "batch";
    this.power = name === "rootMeanSquaredError" && isMean ? 2 : 1;
    const isWeighted = options.reduction === "weightedMean" && weights !== null && isMean;
    const ignored = targets.dtype === "int32" && isMean ? options.ignoreLabel : undefined;
    this.weightOf =
      ignored === undefined && !isWeighted
        ? (rows) => rows.length
        : (rows) => counted(rows, targets, ignored, isWeighted ? weights : null);
  }

  add(rows: Int32Array, loss: number): void {
    const weight = this.weightOf(rows);
    // What nothing counted in is 0.
    this.sum += weight === 0 ? loss : weight * loss ** this.power;
    this.weight += weight;
  }

  /** 0 where no row counted. */
  result(): number {
    const mean = this.weight === 0 ? this.sum : this.sum / this.weight;
    return this.power === 2 ? Math.sqrt(mean) : mean;
  }

  state(): [sum: number, weight: number] {
    return [this.sum, this.weight];
  }

  restore([sum, weight]: readonly [sum: number, weight: number]): void {
    this.sum = sum;
    this.weight = weight;
  }
}

/** The weights of the labels of `rows` that are not ignored. */
function counted(rows: Int32Array, targets: NumberBlock, ignored: unknown, weights: NumberBlock | null): number {
  const nSamples = targets.shape[0]!;
  const nWeights = weights === null ? 1 : weights.values.length / nSamples;
  const places = ignored === undefined ? nWeights : targets.values.length / nSamples;
  let sum = 0;
  for (const row of rows) {
    for (let place = 0; place < places; place++) {
      if (ignored !== undefined && targets.values[row * places + place] === ignored) continue;
      sum += weights === null ? 1 : weights.values[row * nWeights + (nWeights === 1 ? 0 : place)]!;
    }
  }
  return sum;
}
