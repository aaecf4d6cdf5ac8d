import type { Labels } from "../data/labels.js";
import { type LabelMetricOptions, type NumberRows, ofProbabilities } from "./in-one-go.js";
import { KeptScores, type ScoredRows } from "./kept-scores.js";
import { metricOptions, type NameOption } from "./metric-options.js";
import type { StreamingMetric } from "./streaming-metric.js";
import { averagePrecision, rocArea, type ThresholdCounts, thresholdCounts } from "./threshold-counts.js";

const averages = ["macro", "weighted", "micro"] as const;

export interface PrAucOptions {
  /**
   * How the numbers of more than two classes, each against the rest, become one: their mean, their mean in the share of each
   * class, or all classes of all rows ranked together. @default "macro"
   */
  readonly average?: (typeof averages)[number];
}

export interface RocAucOptions extends PrAucOptions {
  /** Of more than two classes: each against the rest, or each pair of them. @default "ovr" */
  readonly multiClass?: "ovr" | "ovo";
}

/**
 * The share of pairs of a positive and a negative row in which the positive one has the higher score; equal scores count half.
 * It keeps all rows. `NaN` if a class has no rows, or all.
 *
 * Pairs of classes: Hand & Till, Machine Learning 45 (2001), 171-186; `average: "micro"` has none.
 */
export function streamingRocAuc(options: RocAucOptions & NameOption = {}): StreamingMetric {
  const kinds = { average: averages, multiClass: ["ovr", "ovo"] } as const;
  const { name, average, multiClass } = metricOptions("rocAuc", options, kinds, {
    average: "macro",
    multiClass: "ovr",
  });
  return new KeptScores(name, (rows) => {
    const isPairs = multiClass === "ovo" && rows.width > 2 && average !== "micro";
    return isPairs ? overPairs(rows, average === "weighted") : overClasses(rows, average, rocArea);
  });
}

/**
 * The area under the ROC curve: the share of pairs of a positive and a negative row that the scores rank right.
 * @param scores - One for each row, higher for class 1, `true` or the second label; or probabilities, a column a class.
 * @throws ShapeError if rows or classes do not fit.
 * @throws DataError if a score is missing, or a label is missing or not among `labels`.
 */
export function rocAuc(
  yTrue: Labels,
  scores: NumberRows,
  { average = "macro", multiClass = "ovr", ...options }: LabelMetricOptions & RocAucOptions = {},
): number {
  const metric = streamingRocAuc({ average, multiClass });
  return ofProbabilities("rocAuc", metric, yTrue, scores, { ...options, anyScores: true });
}

/**
 * Average precision: the mean, over the positive rows, of the precision at their score. It is the area under the
 * precision-recall curve as a step function. It keeps all rows. `NaN` if a class has no rows.
 */
export function streamingPrAuc(options: PrAucOptions & NameOption = {}): StreamingMetric {
  const { name, average } = metricOptions("prAuc", options, { average: averages }, { average: "macro" });
  return new KeptScores(name, (rows) => overClasses(rows, average, averagePrecision));
}

/**
 * The area under the precision-recall curve, as average precision; with few positive rows it tells more than the ROC curve.
 * @param scores - One for each row, higher for class 1, `true` or the second label; or probabilities, a column a class.
 * @throws ShapeError if rows or classes do not fit.
 * @throws DataError if a score is missing, or a label is missing or not among `labels`.
 */
export function prAuc(
  yTrue: Labels,
  scores: NumberRows,
  { average = "macro", ...options }: LabelMetricOptions & PrAucOptions = {},
): number {
  return ofProbabilities("prAuc", streamingPrAuc({ average }), yTrue, scores, { ...options, anyScores: true });
}

/** Each class against the rest. */
function overClasses(
  rows: ScoredRows,
  average: (typeof averages)[number],
  area: (counts: ThresholdCounts) => number,
): number {
  const { labels, scores, weights, width } = rows;
  if (width <= 2) return area(classCounts(rows, 1));
  if (average === "micro") {
    const isLabel = scores.map((_, i) => (labels[Math.floor(i / width)] === i % width ? 1 : 0));
    const repeated = scores.map((_, i) => weights[Math.floor(i / width)]!);
    return area(thresholdCounts(scores, isLabel, repeated));
  }
  const classes = Array.from({ length: width }, (_, label) => label);
  return weightedMean(
    classes.map((label) => [area(classCounts(rows, label)), average === "weighted" ? share(rows, label) : 1]),
  );
}

/** Each pair of classes that occur, in the rows of these two. */
function overPairs(rows: ScoredRows, isWeighted: boolean): number {
  const present = Array.from({ length: rows.width }, (_, label) => label).filter((label) => share(rows, label) > 0);
  const pairs = present.flatMap((a, i) => present.slice(i + 1).map((b) => [a, b] as const));
  return weightedMean(
    pairs.map(([a, b]) => {
      const both = (label: number) => rocArea(classCounts(rows, label, [a, b]));
      return [(both(a) + both(b)) / 2, isWeighted ? share(rows, a) + share(rows, b) : 1];
    }),
  );
}

/** Rows of `label` against the others, or against the other ones of `among`. */
function classCounts(
  { labels, scores, weights, width }: ScoredRows,
  label: number,
  among?: readonly number[],
): ThresholdCounts {
  const kept: number[] = [];
  for (let row = 0; row < labels.length; row++) if (among === undefined || among.includes(labels[row]!)) kept.push(row);
  const column = width === 1 ? 0 : label;
  return thresholdCounts(
    kept.map((row) => scores[row * width + column]!),
    kept.map((row) => (labels[row] === label ? 1 : 0)),
    kept.map((row) => weights[row]!),
  );
}

/** The weight of the rows of a class. */
function share({ labels, weights }: ScoredRows, label: number): number {
  let weight = 0;
  for (let row = 0; row < labels.length; row++) if (labels[row] === label) weight += weights[row]!;
  return weight;
}

function weightedMean(terms: readonly (readonly [value: number, weight: number])[]): number {
  const [sum, weight] = terms.reduce(([s, w], [value, own]) => [s + value * own, w + own], [0, 0]);
  return sum / weight;
}
