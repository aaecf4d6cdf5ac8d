import type { Labels } from "../data/labels.js";
import { type ClassCounts, ClassCountsMetric, sum } from "./class-counts.js";
import { type LabelMetricOptions, ofLabels } from "./in-one-go.js";
import { metricName, metricOptions, type NameOption, oneOfOrNone } from "./metric-options.js";
import type { StreamingMetric } from "./streaming-metric.js";

/**
 * The correlation of true and predicted classes, from -1 to 1; 0 for chance, and where only one class occurs or is predicted.
 * Gorodkin, Comput. Biol. Chem. 28 (2004), 367-374.
 */
export function streamingMatthewsCorrelation(options: NameOption = {}): StreamingMetric {
  return new ClassCountsMetric(metricName("matthewsCorrelation", options), ({ hits, predicted, actual, weight }) => {
    const covariance = (a: readonly number[], b: readonly number[], agreeing: number) =>
      agreeing * weight - sum(a.map((value, label) => value * b[label]!));
    const spread = covariance(predicted, predicted, weight) * covariance(actual, actual, weight);
    return spread === 0 ? 0 : covariance(actual, predicted, sum(hits)) / Math.sqrt(spread);
  });
}

/**
 * The Matthews correlation coefficient (MCC) of true and predicted classes, from -1 to 1.
 * @throws ShapeError if the lengths differ or there are no rows.
 * @throws DataError if a label is missing, or the two lists hold different kinds of labels.
 */
export function matthewsCorrelation(yTrue: Labels, yPred: Labels, options: LabelMetricOptions = {}): number {
  return ofLabels("matthewsCorrelation", streamingMatthewsCorrelation(), yTrue, yPred, options);
}

export interface CohenKappaOptions {
  /** What a mistake costs: its distance between the class numbers, or that squared. @default all mistakes cost the same */
  readonly penalty?: "linear" | "quadratic";
}

/**
 * How much better than chance the classes agree, up to 1; `NaN` if only one class occurs on both sides. Cohen, Educ. Psychol.
 * Meas. 20 (1960), 37-46; with penalties Psychol. Bull. 70 (1968), 213-220.
 */
export function streamingCohenKappa(options: CohenKappaOptions & NameOption = {}): StreamingMetric {
  const kinds = { penalty: oneOfOrNone(["linear", "quadratic"]) };
  const { name, penalty } = metricOptions("cohenKappa", options, kinds, {});
  const costOf = (actual: number, predicted: number) => {
    const distance = Math.abs(actual - predicted);
    return penalty === "quadratic" ? distance ** 2 : penalty === "linear" ? distance : Math.sign(distance);
  };
  return new ClassCountsMetric(
    name,
    (counts) => 1 - (counts.cost * counts.weight) / chanceCost(counts, costOf),
    costOf,
  );
}

/**
 * Cohen's kappa: how much better than chance true and predicted classes agree, up to 1. For classes in an order, such as grades,
 * `penalty` makes a far mistake cost more; the distance is that of the places of the labels in ascending order, or in `labels`.
 * @throws ShapeError if the lengths differ or there are no rows.
 * @throws DataError if a label is missing, or the two lists hold different kinds of labels.
 */
export function cohenKappa(
  yTrue: Labels,
  yPred: Labels,
  { penalty, ...options }: LabelMetricOptions & CohenKappaOptions = {},
): number {
  return ofLabels("cohenKappa", streamingCohenKappa(penalty === undefined ? {} : { penalty }), yTrue, yPred, options);
}

/** What the mistakes would cost if true and predicted classes had nothing to do with each other, times the weight. */
function chanceCost({ actual, predicted }: ClassCounts, costOf: (actual: number, predicted: number) => number): number {
  let cost = 0;
  actual.forEach((rows, i) => {
    predicted.forEach((found, j) => {
      cost += rows * found * costOf(i, j);
    });
  });
  return cost;
}
