import type { Chart } from "../charts/chart.js";
import { readableNumber } from "../charts/numbers.js";
import { residualChart } from "../charts/residual-chart.js";
import { checkNumber } from "../core/check.js";
import { ShapeError } from "../core/errors.js";
import { r2 } from "../metrics/explained.js";
import { type NumberRows, numbersOf } from "../metrics/in-one-go.js";
import { rootMeanSquaredError } from "../metrics/regression.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";

/** How far off the prediction of one row is. */
export interface ResidualRow {
  /** From 0, as the rows came. */
  readonly row: number;
  readonly actual: number;
  readonly predicted: number;
  /** `actual - predicted`: above 0 where too little was predicted. */
  readonly residual: number;
}

/** What {@link residuals} found: the rows, numbers about them, a chart. */
export class Residuals implements Displayable {
  /** The mean residual: how much too little is predicted. */
  readonly mean: number;
  readonly rootMeanSquaredError: number;
  readonly r2: number;

  constructor(
    private readonly rows: readonly ResidualRow[],
    private readonly title: string,
  ) {
    const [actual, predicted] = [rows.map((row) => row.actual), rows.map((row) => row.predicted)];
    this.mean = rows.reduce((sum, { residual }) => sum + residual, 0) / rows.length;
    this.rootMeanSquaredError = rootMeanSquaredError(actual, predicted);
    this.r2 = r2(actual, predicted);
  }

  toRows(): ResidualRow[] {
    return [...this.rows];
  }

  /** The rows that are furthest off, the worst first. */
  worst(n = 10): ResidualRow[] {
    checkNumber("Residuals.worst", "n", n, { integer: true, atLeast: 1 });
    return [...this.rows].sort((a, b) => Math.abs(b.residual) - Math.abs(a.residual)).slice(0, n);
  }

  get chart(): Chart {
    const [error, share, mean] = [this.rootMeanSquaredError, this.r2, this.mean].map(readableNumber);
    const subtitle = `root mean squared error ${error}, R2 ${share}, mean residual ${mean}`;
    return residualChart(this.rows, { title: this.title, subtitle });
  }

  [displaySymbol](): MimeBundle | Promise<MimeBundle> {
    return this.chart[displaySymbol]();
  }
}

/**
 * How far off each prediction is: a cloud without a pattern around 0 is what a model leaves that has learned all there is.
 *
 * @param yPred - One number for each row.
 * @throws ShapeError if the lengths differ, there are no rows, or a row has several numbers.
 * @throws DataError if a value is missing or infinite.
 *
 * @example
 * residuals(yValidation, await predict(model, xValidation));
 */
export function residuals(yTrue: NumberRows, yPred: NumberRows, options: { readonly title?: string } = {}): Residuals {
  const [actual, predicted] = [numbersOf("residuals", "yTrue", yTrue), numbersOf("residuals", "yPred", yPred)];
  if (actual.width > 1 || predicted.width > 1) {
    throw new ShapeError(
      `residuals: expected one number for each row, got ${Math.max(actual.width, predicted.width)}. Choose a column.`,
    );
  }
  // Says in one sentence what is wrong with the numbers, if something is.
  rootMeanSquaredError(yTrue, yPred);
  const rows = Array.from(actual.values, (value, row) => {
    const guess = predicted.values[row]!;
    return { row, actual: value, predicted: guess, residual: value - guess };
  });
  return new Residuals(rows, options.title ?? "Residuals");
}
