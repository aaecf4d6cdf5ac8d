import { Column, type NumberColumn } from "../data/column.js";
import { checkFinite, checkNotEmpty, checkSameLength } from "./check.js";
import { type StreamingMetric, streamingMeanAbsoluteError, streamingMeanSquaredError } from "./streaming.js";

export interface MetricOptions {
  /** How much each row counts, from 0. @default 1 each */
  readonly weights?: ArrayLike<number>;
}

/** Numbers to compare: a column of a frame, or an array. */
export type Targets = NumberColumn | ArrayLike<number>;

/**
 * The mean of `(yTrue - yPred)^2`, in squared units of the target.
 * @throws ShapeError if the lengths differ or there are no rows.
 * @throws DataError if a value is missing or infinite.
 */
export function meanSquaredError(yTrue: Targets, yPred: Targets, options: MetricOptions = {}): number {
  return mean("meanSquaredError", streamingMeanSquaredError(), yTrue, yPred, options);
}

/**
 * The mean of `|yTrue - yPred|`, in units of the target.
 * @throws ShapeError if the lengths differ or there are no rows.
 * @throws DataError if a value is missing or infinite.
 */
export function meanAbsoluteError(yTrue: Targets, yPred: Targets, options: MetricOptions = {}): number {
  return mean("meanAbsoluteError", streamingMeanAbsoluteError(), yTrue, yPred, options);
}

function mean(
  where: string,
  metric: StreamingMetric,
  yTrue: Targets,
  yPred: Targets,
  { weights }: MetricOptions,
): number {
  const expected = yTrue instanceof Column ? yTrue.values : yTrue;
  const got = yPred instanceof Column ? yPred.values : yPred;
  checkSameLength(where, expected, got);
  checkNotEmpty(where, expected.length);
  checkFinite(where, "yTrue", expected);
  checkFinite(where, "yPred", got);
  metric.update(expected, got, weights);
  return metric.result();
}
