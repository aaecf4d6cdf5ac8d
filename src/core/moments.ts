import type { Matrix } from "./matrix.js";

export interface ColumnMoments {
  /** How many values are there, `NaN` left out; each array has shape `(nColumns,)`. */
  readonly count: Float64Array;
  /** `NaN` for a column without values. */
  readonly mean: Float64Array;
  /** Divides by the count. */
  readonly variance: Float64Array;
}

/**
 * Mean and variance of each column, `NaN` left out. Two passes with the correction of Chan, Golub & LeVeque, The American
 * Statistician 37 (1983), 242-247, so that a large mean costs no digits.
 */
export function columnMoments(x: Matrix): ColumnMoments {
  const { data, nColumns } = x;
  const count = new Float64Array(nColumns);
  const mean = new Float64Array(nColumns);
  for (let i = 0, column = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!Number.isNaN(value)) {
      count[column]!++;
      mean[column]! += value;
    }
    if (++column === nColumns) column = 0;
  }
  for (let column = 0; column < nColumns; column++) mean[column]! /= count[column]!;

  const squares = new Float64Array(nColumns);
  const drift = new Float64Array(nColumns);
  for (let i = 0, column = 0; i < data.length; i++) {
    const difference = data[i]! - mean[column]!;
    if (!Number.isNaN(difference)) {
      squares[column]! += difference * difference;
      drift[column]! += difference;
    }
    if (++column === nColumns) column = 0;
  }
  const variance = squares.map((sum, column) => (sum - drift[column]! ** 2 / count[column]!) / count[column]!);
  return { count, mean, variance };
}
