import { show } from "../core/check.js";
import { DataError } from "../core/errors.js";
import { type MetricOptions, type NumberRows, ofNumbers } from "./in-one-go.js";
import { metricName, type NameOption } from "./metric-options.js";
import { OutputMeans } from "./output-means.js";
import type { StreamingMetric } from "./streaming-metric.js";

const squared = (yTrue: number, yPred: number) => (yTrue - yPred) ** 2;

/** The mean of `(yTrue - yPred)^2`, in squared units of the target. */
export function streamingMeanSquaredError(options: NameOption = {}): StreamingMetric {
  return new OutputMeans({ name: metricName("meanSquaredError", options), term: squared });
}

/** The root of the mean of `(yTrue - yPred)^2` over all rows, in units of the target; of several columns the mean. */
export function streamingRootMeanSquaredError(options: NameOption = {}): StreamingMetric {
  return new OutputMeans({ name: metricName("rootMeanSquaredError", options), term: squared, finish: Math.sqrt });
}

/** The mean of `|yTrue - yPred|`, in units of the target. */
export function streamingMeanAbsoluteError(options: NameOption = {}): StreamingMetric {
  const name = metricName("meanAbsoluteError", options);
  return new OutputMeans({ name, term: (yTrue, yPred) => Math.abs(yTrue - yPred) });
}

/** The mean of `|yTrue - yPred| / |yTrue|`: 0.1 is 10 %. A true 0 makes it huge. */
export function streamingMeanAbsolutePercentageError(options: NameOption = {}): StreamingMetric {
  const name = metricName("meanAbsolutePercentageError", options);
  const term = (yTrue: number, yPred: number) => Math.abs(yTrue - yPred) / Math.max(Math.abs(yTrue), Number.EPSILON);
  return new OutputMeans({ name, term });
}

/** The mean of `(log(1 + yTrue) - log(1 + yPred))^2`; not finite once a number is -1 or less. */
export function streamingMeanSquaredLogarithmicError(options: NameOption = {}): StreamingMetric {
  const name = metricName("meanSquaredLogarithmicError", options);
  return new OutputMeans({ name, term: (yTrue, yPred) => (Math.log1p(yTrue) - Math.log1p(yPred)) ** 2 });
}

/**
 * The mean of `(yTrue - yPred)^2`, in squared units of the target.
 * @throws ShapeError if the lengths differ or there are no rows.
 * @throws DataError if a value is missing or infinite.
 */
export function meanSquaredError(yTrue: NumberRows, yPred: NumberRows, options: MetricOptions = {}): number {
  return ofNumbers("meanSquaredError", streamingMeanSquaredError(), yTrue, yPred, options);
}

/**
 * The root of {@link meanSquaredError}, in units of the target; of several columns the mean of their roots.
 * @throws ShapeError or DataError, as {@link meanSquaredError}.
 */
export function rootMeanSquaredError(yTrue: NumberRows, yPred: NumberRows, options: MetricOptions = {}): number {
  return ofNumbers("rootMeanSquaredError", streamingRootMeanSquaredError(), yTrue, yPred, options);
}

/**
 * The mean of `|yTrue - yPred|`, in units of the target.
 * @throws ShapeError if the lengths differ or there are no rows.
 * @throws DataError if a value is missing or infinite.
 */
export function meanAbsoluteError(yTrue: NumberRows, yPred: NumberRows, options: MetricOptions = {}): number {
  return ofNumbers("meanAbsoluteError", streamingMeanAbsoluteError(), yTrue, yPred, options);
}

/**
 * The mean of `|yTrue - yPred| / |yTrue|`: 0.1 is 10 %. A true 0 makes it huge.
 * @throws ShapeError or DataError, as {@link meanSquaredError}.
 */
export function meanAbsolutePercentageError(yTrue: NumberRows, yPred: NumberRows, options: MetricOptions = {}): number {
  return ofNumbers("meanAbsolutePercentageError", streamingMeanAbsolutePercentageError(), yTrue, yPred, options);
}

/**
 * The mean of `(log(1 + yTrue) - log(1 + yPred))^2`: what counts is the ratio, as with prices and populations.
 * @throws ShapeError if the lengths differ or there are no rows.
 * @throws DataError if a value is missing, infinite, or -1 or less.
 */
export function meanSquaredLogarithmicError(yTrue: NumberRows, yPred: NumberRows, options: MetricOptions = {}): number {
  const where = "meanSquaredLogarithmicError";
  const check = (name: string, values: ArrayLike<number>) => {
    for (let row = 0; row < values.length; row++) {
      if (values[row]! > -1) continue;
      throw new DataError(`${where}: ${name} must be numbers above -1, got ${show(values[row])} in row ${row}.`);
    }
  };
  return ofNumbers(where, streamingMeanSquaredLogarithmicError(), yTrue, yPred, options, check);
}
