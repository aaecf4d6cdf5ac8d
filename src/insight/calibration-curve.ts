import { type CalibrationPoint, calibrationChart } from "../charts/calibration-chart.js";
import type { Chart } from "../charts/chart.js";
import { readableNumber } from "../charts/numbers.js";
import { checkNumber, checkOneOf } from "../core/check.js";
import type { Labels } from "../data/labels.js";
import { type LabelMetricOptions, labelledProbabilities, type NumberRows } from "../metrics/in-one-go.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";
import { quantile } from "./quantile.js";

export interface CalibrationOptions extends LabelMetricOptions {
  /** How many bins the probabilities fall into, from 1. @default 15 */
  readonly nBins?: number;
  /** Bins of one width, or with as many rows each. @default "uniform" */
  readonly strategy?: "uniform" | "quantile";
  /** A line above the chart. */
  readonly title?: string;
}

/** The rows whose predicted probability is in one bin; a bin without rows is left out. */
export type CalibrationRow = Omit<CalibrationPoint, "series">;

/** What {@link calibrationCurve} found: the bins, how far predictions are off, a chart. */
export class CalibrationCurve implements Displayable {
  constructor(
    private readonly rows: readonly CalibrationRow[],
    /** What the probabilities are about, in words. */
    readonly about: string,
    private readonly title: string,
  ) {}

  /**
   * Expected calibration error (ECE), from 0 to 1: how far predicted and observed shares of a bin are apart, as a mean over the
   * rows. Naeini, Cooper & Hauskrecht, AAAI 2015.
   */
  get expectedError(): number {
    const rows = this.rows.reduce((sum, { count }) => sum + count, 0);
    return this.rows.reduce(
      (sum, { count, predicted, observed }) => sum + (count / rows) * Math.abs(predicted - observed),
      0,
    );
  }

  /** How far predicted and observed shares are apart in the worst bin. */
  get largestError(): number {
    return Math.max(...this.rows.map(({ predicted, observed }) => Math.abs(predicted - observed)));
  }

  toRows(): CalibrationRow[] {
    return [...this.rows];
  }

  get chart(): Chart {
    const points = this.rows.map((row) => ({ series: "predictions", ...row }));
    const subtitle = `expected calibration error ${readableNumber(this.expectedError)}, largest ${readableNumber(this.largestError)}`;
    return calibrationChart(points, { title: this.title, subtitle, about: this.about });
  }

  [displaySymbol](): MimeBundle | Promise<MimeBundle> {
    return this.chart[displaySymbol]();
  }
}

/**
 * Whether what is predicted with a probability of 0.8 is so in 8 of 10 cases. Of two classes the probabilities are those of the
 * second one; of more, that of the class which is predicted (Guo et al., ICML 2017).
 *
 * @throws ShapeError if rows or classes do not fit.
 * @throws DataError if a row does not hold probabilities, or a label is missing or not among `labels`.
 *
 * @example
 * calibrationCurve(yValidation, await predict(model, xValidation)).expectedError;
 */
export function calibrationCurve(
  yTrue: Labels,
  probabilities: NumberRows,
  options: CalibrationOptions = {},
): CalibrationCurve {
  const where = "calibrationCurve";
  const { nBins = 15, strategy = "uniform", title = "Calibration", ...given } = options;
  checkNumber(where, "nBins", nBins, { integer: true, atLeast: 1 });
  checkOneOf(where, "strategy", strategy, ["uniform", "quantile"]);
  const { labels, codes, values, width } = labelledProbabilities(where, yTrue, probabilities, given);
  const { predicted, isSo } = width > 2 ? ofPredictedClass(codes, values, width) : ofSecondClass(codes, values, width);
  const weights = options.weights ?? new Float64Array(codes.length).fill(1);
  const sorted = strategy === "quantile" ? Float64Array.from(predicted).sort() : null;
  const edges = Array.from({ length: nBins + 1 }, (_, i) => (sorted ? quantile(sorted, i / nBins) : i / nBins));
  const about = width > 2 ? "probability of the predicted class" : `probability of ${labels[labels.length - 1]}`;
  return new CalibrationCurve(binned(predicted, isSo, weights, edges), about, title);
}

function ofSecondClass(codes: Int32Array, values: ArrayLike<number>, width: number) {
  return {
    predicted: Float64Array.from(codes, (_, row) => values[row * width + width - 1]!),
    isSo: codes.map((code) => (code === 1 ? 1 : 0)),
  };
}

function ofPredictedClass(codes: Int32Array, values: ArrayLike<number>, width: number) {
  const predicted = new Float64Array(codes.length);
  const isSo = codes.map((code, row) => {
    let best = 0;
    for (let i = 1; i < width; i++) if (values[row * width + i]! > values[row * width + best]!) best = i;
    predicted[row] = values[row * width + best]!;
    return best === code ? 1 : 0;
  });
  return { predicted, isSo };
}

/** A value on an edge is in the bin below. */
function binned(
  predicted: Float64Array,
  isSo: Int32Array,
  weights: ArrayLike<number>,
  edges: readonly number[],
): CalibrationRow[] {
  const bins = edges.slice(1).map((to, i) => ({ from: edges[i]!, to, predicted: 0, observed: 0, count: 0 }));
  predicted.forEach((p, row) => {
    const above = bins.findIndex(({ to }) => p <= to);
    const bin = bins[above < 0 ? bins.length - 1 : above]!;
    bin.predicted += weights[row]! * p;
    bin.observed += weights[row]! * isSo[row]!;
    bin.count += weights[row]!;
  });
  return bins
    .filter(({ count }) => count > 0)
    .map((bin) => ({ ...bin, predicted: bin.predicted / bin.count, observed: bin.observed / bin.count }));
}
