import { DataError } from "../core/errors.js";
import type { Label, Labels } from "../data/labels.js";
import { type ClassCounts, ClassCountsMetric, sum } from "./class-counts.js";
import { type LabelMetricOptions, ofLabels, positiveCode } from "./in-one-go.js";
import { metricOptions, type NameOption, oneOfOrNone } from "./metric-options.js";
import type { StreamingMetric } from "./streaming-metric.js";

const averages = ["binary", "macro", "micro", "weighted"] as const;

/**
 * How the numbers of the classes become one. `"binary"`: that of the positive class alone. `"macro"`: their mean.
 * `"weighted"`: their mean in the share of each class. `"micro"`: all rows counted together. Classes that neither occur nor are
 * predicted are left out.
 */
export type Average = (typeof averages)[number];

export interface AverageOptions {
  /** @default "binary" for two classes, "macro" for more */
  readonly average?: Average;
}

/** A class number as {@link AverageOptions} need it. */
export interface StreamingAverageOptions extends AverageOptions, NameOption {
  /** The class that `"binary"` is about. @default 1 */
  readonly positive?: number;
}

export interface AveragedOptions extends LabelMetricOptions, AverageOptions {
  /** The class that `"binary"` is about. @default 1, true, or the second of the labels in ascending order */
  readonly positive?: Label;
}

export interface FBetaOptions {
  /** How many times as much recall counts as precision, above 0. @default 1 */
  readonly beta?: number;
}

/** A fraction of one class: above and below the line. */
type Fraction = (hits: number, predicted: number, actual: number) => readonly [number, number];

const precisionOf: Fraction = (hits, predicted) => [hits, predicted];
const recallOf: Fraction = (hits, _, actual) => [hits, actual];
const jaccardOf: Fraction = (hits, predicted, actual) => [hits, predicted + actual - hits];
const fBetaOf =
  (beta: number): Fraction =>
  (hits, predicted, actual) => [(1 + beta ** 2) * hits, predicted + beta ** 2 * actual];

/** Of the rows predicted as a class, the share that are of it; 0 where none is. */
export function streamingPrecision(options: StreamingAverageOptions = {}): StreamingMetric {
  return plain("precision", options, precisionOf);
}

/** Of the rows of a class, the share that was predicted as it; 0 where there is none. Also called sensitivity. */
export function streamingRecall(options: StreamingAverageOptions = {}): StreamingMetric {
  return plain("recall", options, recallOf);
}

/** The harmonic mean of precision and recall; 0 where both are. */
export function streamingF1(options: StreamingAverageOptions = {}): StreamingMetric {
  return plain("f1", options, fBetaOf(1));
}

/** The harmonic mean of precision and recall in which recall counts `beta` times as much. */
export function streamingFBeta(options: FBetaOptions & StreamingAverageOptions = {}): StreamingMetric {
  const { name, beta, average, positive } = metricOptions(
    "fBeta",
    options,
    { ...kinds, beta: { above: 0 } },
    { positive: 1, beta: 1 },
  );
  return averagedMetric(name, { average, positive }, fBetaOf(beta));
}

/** Rows of a class that were predicted as it, over those that are either: intersection over union (IoU) of masks. */
export function streamingJaccard(options: StreamingAverageOptions = {}): StreamingMetric {
  return plain("jaccard", options, jaccardOf);
}

/**
 * Of the rows predicted as a class, the share that are of it.
 * @throws ShapeError if the lengths differ or there are no rows.
 * @throws DataError if a label is missing, the lists hold different kinds of labels, or `"binary"` meets more than two.
 */
export function precision(yTrue: Labels, yPred: Labels, options: AveragedOptions = {}): number {
  return averaged("precision", streamingPrecision, yTrue, yPred, options);
}

/**
 * Of the rows of a class, the share that was predicted as it; also called sensitivity.
 * @throws ShapeError or DataError, as {@link precision}.
 */
export function recall(yTrue: Labels, yPred: Labels, options: AveragedOptions = {}): number {
  return averaged("recall", streamingRecall, yTrue, yPred, options);
}

/**
 * The harmonic mean of precision and recall.
 * @throws ShapeError or DataError, as {@link precision}.
 */
export function f1(yTrue: Labels, yPred: Labels, options: AveragedOptions = {}): number {
  return averaged("f1", streamingF1, yTrue, yPred, options);
}

/**
 * The harmonic mean of precision and recall in which recall counts `beta` times as much.
 * @throws ShapeError or DataError, as {@link precision}.
 */
export function fBeta(
  yTrue: Labels,
  yPred: Labels,
  { beta = 1, ...options }: FBetaOptions & AveragedOptions = {},
): number {
  return averaged("fBeta", (given) => streamingFBeta({ ...given, beta }), yTrue, yPred, options);
}

/**
 * Intersection over union (IoU): rows of a class that were predicted as it, over those that are either.
 * @throws ShapeError or DataError, as {@link precision}.
 */
export function jaccard(yTrue: Labels, yPred: Labels, options: AveragedOptions = {}): number {
  return averaged("jaccard", streamingJaccard, yTrue, yPred, options);
}

function averaged(
  where: string,
  make: (options: StreamingAverageOptions) => StreamingMetric,
  yTrue: Labels,
  yPred: Labels,
  { average, positive, ...options }: AveragedOptions,
): number {
  const metric = (labels: readonly Label[]) => {
    const code = positiveCode(where, labels, positive);
    return make({ ...(average !== undefined && { average }), positive: code });
  };
  return ofLabels(where, metric, yTrue, yPred, options);
}

const kinds = { average: oneOfOrNone(averages), positive: { integer: true, atLeast: 0 } };

function plain(metric: string, options: StreamingAverageOptions, fraction: Fraction): StreamingMetric {
  const { name, average, positive } = metricOptions(metric, options, kinds, { positive: 1 });
  return averagedMetric(name, { average, positive }, fraction);
}

function averagedMetric(
  name: string,
  { average, positive }: { readonly average: Average | undefined; readonly positive: number },
  fraction: Fraction,
): StreamingMetric {
  return new ClassCountsMetric(name, (counts) => {
    const chosen = average ?? (counts.nClasses > 2 ? "macro" : "binary");
    if (chosen === "binary" && counts.nClasses > 2) {
      throw new DataError(
        `metrics.${name}: average "binary" is for two classes, but there are ${counts.nClasses}. Choose "macro", "weighted" or "micro".`,
      );
    }
    return averageOf(counts, chosen, positive, fraction);
  });
}

function averageOf(
  { hits, predicted, actual }: ClassCounts,
  average: Average,
  positive: number,
  fraction: Fraction,
): number {
  const quotient = ([above, below]: readonly [number, number]) => (below === 0 ? 0 : above / below);
  const ofClass = (label: number) => quotient(fraction(hits[label] ?? 0, predicted[label] ?? 0, actual[label] ?? 0));
  if (average === "binary") return ofClass(positive);
  if (average === "micro") return quotient(fraction(sum(hits), sum(predicted), sum(actual)));
  const occurring = hits.map((_, label) => label).filter((label) => predicted[label]! > 0 || actual[label]! > 0);
  const shares = occurring.map((label) => (average === "weighted" ? actual[label]! : 1));
  return sum(occurring.map((label, i) => shares[i]! * ofClass(label))) / sum(shares);
}
