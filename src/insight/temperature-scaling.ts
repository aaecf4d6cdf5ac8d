import { calibrationChart } from "../charts/calibration-chart.js";
import type { Chart } from "../charts/chart.js";
import { readableNumber } from "../charts/numbers.js";
import { Matrix } from "../core/matrix.js";
import { softmaxRows } from "../core/softmax.js";
import type { Labels } from "../data/labels.js";
import type { tf } from "../engine/tf.js";
import { type LabelMetricOptions, labelledProbabilities, type NumberRows, numbersOf } from "../metrics/in-one-go.js";
import { logLoss } from "../metrics/probability-scores.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";
import { type PredictOptions, predict } from "../training/predict.js";
import type { Rows } from "../training/rows.js";
import { type CalibrationCurve, calibrationCurve } from "./calibration-curve.js";

/** How predictions fared before and after. */
export interface CalibrationStep {
  readonly predictions: "before" | "after";
  readonly logLoss: number;
  readonly expectedError: number;
}

/** Logarithms of the inverse temperature that are looked at. */
const range = [-10, 10] as const;
/** Added to a probability before its logarithm, so that 0 has one. */
const smallest = 1e-12;

/** What {@link temperatureScaling} learned. */
export class TemperatureScaling implements Displayable {
  constructor(
    /** Above 1 makes predictions less sure, below 1 surer. */
    readonly temperature: number,
    private readonly rows: readonly CalibrationStep[],
    private readonly curves: Readonly<Record<CalibrationStep["predictions"], CalibrationCurve>>,
  ) {}

  /**
   * Calibrated probabilities; which class is the most probable does not change.
   * @param probabilities - A column a class, or those of the second class alone.
   */
  transform(probabilities: NumberRows): Matrix {
    const { values, width } = numbersOf("TemperatureScaling.transform", "probabilities", probabilities);
    const data = softmaxRows(logits(values, width), Math.max(width, 2), 1 / this.temperature);
    return new Matrix(width > 1 ? data : data.filter((_, i) => i % 2 === 1), values.length / width, width);
  }

  /** What `predict` gives, calibrated. */
  async predict(model: tf.LayersModel, x: Rows, options: PredictOptions = {}): Promise<Matrix> {
    return this.transform(await predict(model, x, options));
  }

  toRows(): CalibrationStep[] {
    return [...this.rows];
  }

  get chart(): Chart {
    const points = Object.entries(this.curves).flatMap(([series, curve]) =>
      curve.toRows().map((row) => ({ series, ...row })),
    );
    const [before, after] = this.rows as [CalibrationStep, CalibrationStep];
    const change = (name: "logLoss" | "expectedError") =>
      `${readableNumber(before[name])} to ${readableNumber(after[name])}`;
    return calibrationChart(points, {
      title: `Temperature ${readableNumber(this.temperature)}`,
      subtitle: `log loss ${change("logLoss")}, expected calibration error ${change("expectedError")}`,
      about: this.curves.before.about,
    });
  }

  [displaySymbol](): MimeBundle | Promise<MimeBundle> {
    return this.chart[displaySymbol]();
  }
}

/**
 * Learns the one number that all logits are divided by to make the log loss of held-out rows least. It makes a net that is too sure,
 * as most are, say what it knows; no decision changes. Guo, Pleiss, Sun & Weinberger, ICML 2017.
 *
 * @param probabilities - Of validation rows, which the model was not trained on.
 * @throws ShapeError if rows or classes do not fit.
 * @throws DataError if a row does not hold probabilities, or a label is missing or not among `labels`.
 *
 * @example
 * const scaling = temperatureScaling(yValidation, await predict(model, xValidation));
 * const calibrated = await scaling.predict(model, xTest);
 */
export function temperatureScaling(
  yTrue: Labels,
  probabilities: NumberRows,
  options: LabelMetricOptions = {},
): TemperatureScaling {
  const { labels, codes, values, width } = labelledProbabilities("temperatureScaling", yTrue, probabilities, options);
  const weights = options.weights ?? new Float64Array(codes.length).fill(1);
  const z = logits(values, width);
  let [low, high]: [number, number] = [...range];
  // The loss is convex in the inverse temperature, so its slope has one zero.
  for (let i = 0; i < 64; i++) {
    const middle = (low + high) / 2;
    if (slope(z, codes, weights, Math.exp(middle)) < 0) low = middle;
    else high = middle;
  }
  const temperature = Math.exp(-(low + high) / 2);
  const before = new Matrix(Float64Array.from(values), codes.length, width);
  const data = softmaxRows(z, Math.max(width, 2), 1 / temperature);
  const after = new Matrix(width > 1 ? data : data.filter((_, i) => i % 2 === 1), codes.length, width);
  const given = { ...options, labels };
  const step = (predictions: CalibrationStep["predictions"], p: Matrix) => {
    const curve = calibrationCurve(yTrue, p, given);
    return { curve, row: { predictions, logLoss: logLoss(yTrue, p, given), expectedError: curve.expectedError } };
  };
  const [first, second] = [step("before", before), step("after", after)];
  return new TemperatureScaling(temperature, [first.row, second.row], { before: first.curve, after: second.curve });
}

/** Logarithms of probabilities, which are logits up to a number of each row; always a column a class. */
function logits(values: ArrayLike<number>, width: number): Float64Array {
  if (width > 1) return Float64Array.from(values, (p) => Math.log(p + smallest));
  return Float64Array.from({ length: 2 * values.length }, (_, i) => {
    const p = values[i >> 1]!;
    return Math.log((i % 2 === 1 ? p : 1 - p) + smallest);
  });
}

/** How the log loss changes with the inverse temperature: the mean logit that is expected less that of the true class. */
function slope(z: Float64Array, codes: Int32Array, weights: ArrayLike<number>, factor: number): number {
  const width = z.length / codes.length;
  const shares = softmaxRows(z, width, factor);
  let sum = 0;
  for (let i = 0; i < z.length; i++) {
    const row = Math.floor(i / width);
    sum += weights[row]! * z[i]! * (shares[i]! - (i % width === codes[row] ? 1 : 0));
  }
  return sum;
}
