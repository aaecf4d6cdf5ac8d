import { show } from "../core/check.js";
import { DataError, ShapeError } from "../core/errors.js";
import { Matrix } from "../core/matrix.js";
import type { Label, Labels } from "../data/labels.js";
import { checkNotEmpty, checkSameLength, checkWeights } from "./check.js";
import { type LabelOptions, labelCodes } from "./label-codes.js";
import type { MetricOptions } from "./regression.js";
import { streamingAccuracy } from "./streaming.js";

/**
 * The share of labels predicted right, from 0 to 1.
 * @throws ShapeError if the lengths differ or there are no rows.
 * @throws DataError if a label is missing, or the two lists hold different kinds of labels.
 */
export function accuracy(yTrue: Labels, yPred: Labels, { weights }: MetricOptions = {}): number {
  const [expected, got] = pairedCodes("accuracy", yTrue, yPred, {}).codes;
  const metric = streamingAccuracy();
  metric.update(expected!, got!, weights);
  return metric.result();
}

export interface ConfusionMatrix {
  readonly labels: readonly Label[];
  /** `counts[i][j]`: how many rows of class `labels[i]` were predicted as `labels[j]`. */
  readonly counts: number[][];
}

/**
 * How often each class was taken for each other one.
 * @throws ShapeError if the lengths differ or there are no rows.
 * @throws DataError if a label is missing or not among `labels`.
 *
 * @example
 * const { counts, labels } = confusionMatrix(["cat", "dog", "dog"], ["cat", "cat", "dog"]);
 * // counts: [[1, 0], [1, 1]], labels: ["cat", "dog"]
 */
export function confusionMatrix(yTrue: Labels, yPred: Labels, options: LabelOptions = {}): ConfusionMatrix {
  const { labels, codes } = pairedCodes("confusionMatrix", yTrue, yPred, options);
  const counts = labels.map(() => labels.map(() => 0));
  const [expected, got] = codes;
  expected!.forEach((code, row) => {
    counts[code]![got![row]!]!++;
  });
  return { labels, counts };
}

/**
 * The mean of `-ln p`, where p is the probability given to the true class; also called cross-entropy.
 *
 * A probability of 0 counts as the smallest step of its number type above it, so that one sure mistake is not infinite.
 *
 * @param probabilities - Shape `(nSamples, nClasses)`, each row with sum 1, the columns in the order of `labels`.
 * @throws ShapeError if rows or classes do not fit.
 * @throws DataError if a row does not hold probabilities, or a label is missing or not among `labels`.
 */
export function logLoss(
  yTrue: Labels,
  probabilities: Matrix | readonly ArrayLike<number>[],
  options: LabelOptions & MetricOptions = {},
): number {
  const where = "logLoss";
  const p = probabilities instanceof Matrix ? probabilities : Matrix.from(probabilities);
  const { labels, codes } = labelCodes(where, { yTrue }, options);
  const places = codes[0]!;
  const weights = options.weights ?? new Float64Array(places.length).fill(1);
  if (p.nRows !== places.length) {
    throw new ShapeError(`${where}: yTrue has ${places.length} rows but probabilities has ${p.nRows}.`);
  }
  checkNotEmpty(where, places.length);
  checkWeights(where, weights, places.length);
  if (p.nColumns !== labels.length) {
    throw new ShapeError(
      `${where}: yTrue has ${labels.length} classes but probabilities has ${p.nColumns} columns. Pass labels: all classes in the order of the columns.`,
    );
  }
  const smallest = p.data instanceof Float32Array ? 2 ** -23 : Number.EPSILON;
  let [sum, weight] = [0, 0];
  for (let row = 0; row < places.length; row++) {
    checkProbabilities(row, p.row(row), Math.sqrt(smallest));
    const given = p.data[row * p.nColumns + places[row]!]!;
    sum -= weights[row]! * Math.log(Math.min(Math.max(given, smallest), 1 - smallest));
    weight += weights[row]!;
  }
  return sum / weight;
}

function pairedCodes(where: string, yTrue: Labels, yPred: Labels, options: LabelOptions) {
  const result = labelCodes(where, { yTrue, yPred }, options);
  checkSameLength(where, result.codes[0]!, result.codes[1]!);
  checkNotEmpty(where, result.codes[0]!.length);
  return result;
}

function checkProbabilities(row: number, values: ArrayLike<number>, tolerance: number): void {
  let sum = 0;
  let inRange = true;
  for (let column = 0; column < values.length; column++) {
    sum += values[column]!;
    inRange &&= values[column]! >= 0 && values[column]! <= 1;
  }
  if (inRange && Math.abs(sum - 1) <= tolerance) return;
  throw new DataError(
    `logLoss: row ${row} of probabilities must be numbers from 0 to 1 with sum 1, got ${Array.from(values).slice(0, 5).map(show).join(", ")}. Apply a softmax to logits first.`,
  );
}
