import { show } from "../core/check.js";
import { DataError, OptionError, ShapeError } from "../core/errors.js";

/** Throws unless there are as many predictions as true values. */
export function checkSameLength(where: string, yTrue: ArrayLike<unknown>, yPred: ArrayLike<unknown>): void {
  if (yTrue.length === yPred.length) return;
  throw new ShapeError(
    `${where}: yTrue has ${yTrue.length} rows but yPred has ${yPred.length}. Predict the rows that yTrue belongs to.`,
  );
}

/** How many probabilities belong to each row. @throws ShapeError unless each row has as many. */
export function widthOf(where: string, nRows: number, probabilities: ArrayLike<number>): number {
  const width = nRows === 0 ? 1 : probabilities.length / nRows;
  if (width >= 1 && Number.isInteger(width)) return width;
  throw new ShapeError(
    `${where}: ${nRows} rows of yTrue need as many rows of probabilities, got ${probabilities.length} numbers.`,
  );
}

/** Throws unless there are rows to average over. */
export function checkNotEmpty(where: string, nRows: number): void {
  if (nRows === 0) throw new ShapeError(`${where}: expected at least 1 row, got 0.`);
}

/** Throws unless there is a finite weight from 0 for each row. */
export function checkWeights(where: string, weights: ArrayLike<number> | undefined, nRows: number): void {
  if (weights === undefined) return;
  if (weights.length !== nRows) {
    throw new ShapeError(`${where}: expected a weight for each of ${nRows} rows, got ${weights.length} weights.`);
  }
  for (let row = 0; row < nRows; row++) {
    if (weights[row]! >= 0 && Number.isFinite(weights[row])) continue;
    throw new OptionError(`${where}: weights must be finite numbers from 0, got ${show(weights[row])} in row ${row}.`);
  }
}

/** Throws unless each value is a finite number. */
export function checkFinite(where: string, name: string, values: ArrayLike<number>): void {
  for (let row = 0; row < values.length; row++) {
    if (Number.isFinite(values[row])) continue;
    throw new DataError(`${where}: ${name} must be finite numbers, got ${show(values[row])} in row ${row}.`);
  }
}

/** Sums of probabilities in float32 are off by so much at the most. */
const sumTolerance = 5e-4;

/** Throws unless each row holds probabilities of exclusive classes, or one probability. */
export function checkProbabilities(where: string, values: ArrayLike<number>, width: number): void {
  for (let start = 0; start < values.length; start += width) {
    let sum = 0;
    let inRange = true;
    for (let i = start; i < start + width; i++) {
      sum += values[i]!;
      inRange &&= values[i]! >= 0 && values[i]! <= 1;
    }
    if (inRange && (width === 1 || Math.abs(sum - 1) <= sumTolerance)) continue;
    const got = Array.from({ length: Math.min(width, 5) }, (_, i) => show(values[start + i])).join(", ");
    const advice = width === 1 ? "Apply a sigmoid" : "Apply a softmax";
    throw new DataError(
      `${where}: row ${start / width} of probabilities must be numbers from 0 to 1${width === 1 ? "" : " with sum 1"}, got ${got}. ${advice} to logits first.`,
    );
  }
}
