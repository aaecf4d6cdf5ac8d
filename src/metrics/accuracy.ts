import type { Labels } from "../data/labels.js";
import { type ClassCounts, ClassCountsMetric, sum } from "./class-counts.js";
import { type LabelMetricOptions, type NumberRows, ofLabels, ofProbabilities } from "./in-one-go.js";
import { metricName, metricOptions, type NameOption } from "./metric-options.js";
import { RowMean } from "./row-mean.js";
import type { StreamingMetric } from "./streaming-metric.js";

/** The share of rows whose predicted class is the true one. */
export function streamingAccuracy(options: NameOption = {}): StreamingMetric {
  const name = metricName("accuracy", options);
  return new RowMean({ name, needs: "labels", term: (yTrue, yPred, row) => (yTrue[row] === yPred[row] ? 1 : 0) });
}

/**
 * The share of labels predicted right, from 0 to 1.
 * @throws ShapeError if the lengths differ or there are no rows.
 * @throws DataError if a label is missing, or the two lists hold different kinds of labels.
 */
export function accuracy(yTrue: Labels, yPred: Labels, options: LabelMetricOptions = {}): number {
  return ofLabels("accuracy", streamingAccuracy(), yTrue, yPred, options);
}

export interface BalancedAccuracyOptions {
  /** 0 for chance and 1 for no mistake. @default false: chance is 1 / nClasses */
  readonly adjusted?: boolean;
}

/** The mean recall of the classes that occur, so that small ones count as much. */
export function streamingBalancedAccuracy(options: BalancedAccuracyOptions & NameOption = {}): StreamingMetric {
  const { name, adjusted } = metricOptions("balancedAccuracy", options, { adjusted: "flag" }, { adjusted: false });
  return new ClassCountsMetric(name, (counts) => balanced(counts, adjusted));
}

/**
 * The mean recall of the classes in `yTrue`: what accuracy would be if all were equally frequent.
 * @throws ShapeError or DataError, as {@link accuracy}.
 */
export function balancedAccuracy(
  yTrue: Labels,
  yPred: Labels,
  { adjusted = false, ...options }: LabelMetricOptions & BalancedAccuracyOptions = {},
): number {
  return ofLabels("balancedAccuracy", streamingBalancedAccuracy({ adjusted }), yTrue, yPred, options);
}

function balanced({ hits, actual }: ClassCounts, adjusted: boolean): number {
  const recalls = hits.flatMap((hit, label) => (actual[label]! > 0 ? [hit / actual[label]!] : []));
  const mean = sum(recalls) / recalls.length;
  const chance = 1 / recalls.length;
  return adjusted ? (mean - chance) / (1 - chance) : mean;
}

export interface TopKOptions {
  /** How many guesses a row has, from 1. @default 5 */
  readonly k?: number;
}

/** The share of rows whose class is among the `k` with the highest scores; of equal scores the later class is first. */
export function streamingTopKAccuracy(options: TopKOptions & NameOption = {}): StreamingMetric {
  const { name, k } = metricOptions("topKAccuracy", options, { k: { integer: true, atLeast: 1 } }, { k: 5 });
  return new RowMean({
    name,
    needs: "probabilities",
    term: (yTrue, yPred, row, width) => (place(yPred, row, width, yTrue[row]!) < k ? 1 : 0),
  });
}

/**
 * The share of rows whose class is among the `k` that were given the highest probabilities or scores.
 * @throws ShapeError if rows or classes do not fit.
 * @throws DataError if a score is missing, or a label is missing or not among `labels`.
 */
export function topKAccuracy(
  yTrue: Labels,
  scores: NumberRows,
  { k = 5, ...options }: LabelMetricOptions & TopKOptions = {},
): number {
  return ofProbabilities("topKAccuracy", streamingTopKAccuracy({ k }), yTrue, scores, { ...options, anyScores: true });
}

/** From 0: how many classes are guessed before `label`. */
function place(scores: ArrayLike<number>, row: number, width: number, label: number): number {
  if (width === 1) return (scores[row]! > 0.5 ? 1 : 0) === label ? 0 : 1;
  const start = row * width;
  const own = scores[start + label]!;
  let before = 0;
  for (let i = 0; i < width; i++) {
    const score = scores[start + i]!;
    if (score > own || (score === own && i > label)) before++;
  }
  return before;
}
