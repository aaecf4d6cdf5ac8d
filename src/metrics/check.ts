import { show } from "../core/check.js";
import { DataError, OptionError, ShapeError } from "../core/errors.js";

/** Throws unless there are as many predictions as true values. */
export function checkSameLength(where: string, yTrue: ArrayLike<unknown>, yPred: ArrayLike<unknown>): void {
  if (yTrue.length === yPred.length) return;
  throw new ShapeError(
    `${where}: yTrue has ${yTrue.length} rows but yPred has ${yPred.length}. Predict the rows that yTrue belongs to.`,
  );
}

/** Throws unless there are rows to average over. */
export function checkNotEmpty(where: string, nRows: number): void {
  if (nRows === 0) throw new ShapeError(`${where}: expected at least 1 row, got 0.`);
}

/** Throws unless there is a finite weight from 0 for each row. */
export function checkWeights(where: string, weights: ArrayLike<number>, nRows: number): void {
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
