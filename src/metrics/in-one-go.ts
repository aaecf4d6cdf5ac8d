import { show } from "../core/check.js";
import { OptionError, ShapeError } from "../core/errors.js";
import { Matrix } from "../core/matrix.js";
import { Column, type NumberColumn } from "../data/column.js";
import type { Label, Labels } from "../data/labels.js";
import { checkFinite, checkNotEmpty, checkProbabilities, checkSameLength, checkWeights } from "./check.js";
import { type LabelOptions, labelCodes } from "./label-codes.js";
import type { StreamingMetric } from "./streaming-metric.js";

export interface MetricOptions {
  /** How much each row counts, from 0. @default 1 each */
  readonly weights?: ArrayLike<number>;
}

export interface LabelMetricOptions extends MetricOptions, LabelOptions {}

/** One number a row, or several in columns. */
export type NumberRows = Matrix | NumberColumn | readonly ArrayLike<number>[] | ArrayLike<number>;

/** The metric of all rows, whatever their labels are called. */
export function ofLabels(
  where: string,
  metric: StreamingMetric | ((labels: readonly Label[]) => StreamingMetric),
  yTrue: Labels,
  yPred: Labels,
  options: LabelMetricOptions,
): number {
  const { labels, codes } = classCodes(where, { yTrue, yPred }, options);
  const [expected, got] = codes as [Int32Array, Int32Array];
  checkSameLength(where, expected, got);
  checkNotEmpty(where, expected.length);
  checkWeights(where, options.weights, expected.length);
  const made = typeof metric === "function" ? metric(labels) : metric;
  made.update(expected, got, options.weights, labels.length);
  return made.result();
}

/** @param options.anyScores - Whether only their order matters, so that they need not be probabilities. */
export function ofProbabilities(
  where: string,
  metric: StreamingMetric,
  yTrue: Labels,
  probabilities: NumberRows,
  options: LabelMetricOptions & { readonly anyScores?: boolean },
): number {
  const { codes, values } = labelledProbabilities(where, yTrue, probabilities, options);
  metric.update(codes, values, options.weights);
  return metric.result();
}

/** Class numbers and, row after row, the probabilities of the classes or of the second one. */
export function labelledProbabilities(
  where: string,
  yTrue: Labels,
  probabilities: NumberRows,
  { anyScores = false, ...options }: LabelMetricOptions & { readonly anyScores?: boolean } = {},
) {
  const { values, width } = numbersOf(where, "probabilities", probabilities);
  const { labels, codes } = classCodes(where, { yTrue }, options);
  const nRows = codes[0]!.length;
  if (values.length / width !== nRows) {
    throw new ShapeError(
      `${where}: yTrue has ${nRows} rows but probabilities has ${values.length / width}. Predict the rows that yTrue belongs to.`,
    );
  }
  checkNotEmpty(where, nRows);
  checkWeights(where, options.weights, nRows);
  if (width === 1 ? labels.length > 2 : width !== labels.length) {
    throw new ShapeError(
      `${where}: yTrue has ${labels.length} classes but probabilities has ${width} columns. Pass labels: all classes in the order of the columns.`,
    );
  }
  if (anyScores) checkFinite(where, "scores", values);
  else checkProbabilities(where, values, width);
  return { labels, codes: codes[0]!, values, width };
}

/** @param check - Refuses numbers that the metric has no value for. */
export function ofNumbers(
  where: string,
  metric: StreamingMetric,
  yTrue: NumberRows,
  yPred: NumberRows,
  { weights }: MetricOptions,
  check?: (name: string, values: ArrayLike<number>) => void,
): number {
  const expected = numbersOf(where, "yTrue", yTrue);
  const got = numbersOf(where, "yPred", yPred);
  const nRows = expected.values.length / expected.width;
  if (nRows !== got.values.length / got.width) {
    throw new ShapeError(
      `${where}: yTrue has ${nRows} rows but yPred has ${got.values.length / got.width}. Predict the rows that yTrue belongs to.`,
    );
  }
  checkNotEmpty(where, nRows);
  checkWeights(where, weights, nRows);
  for (const [name, { values }] of [["yTrue", expected] as const, ["yPred", got] as const]) {
    checkFinite(where, name, values);
    check?.(name, values);
  }
  metric.update(expected.values, got.values, weights, got.width);
  return metric.result();
}

/** The class number of the positive label. */
export function positiveCode(where: string, labels: readonly Label[], positive: Label | undefined): number {
  if (positive === undefined) return labels.length === 1 ? 0 : 1;
  const code = labels.indexOf(positive);
  if (code >= 0) return code;
  throw new OptionError(
    `${where}: positive must be one of the labels ${labels.slice(0, 10).map(show).join(", ")}, got ${show(positive)}.`,
  );
}

/** Numbers row after row, and how many a row has. */
export function numbersOf(
  where: string,
  name: string,
  numbers: NumberRows,
): { values: ArrayLike<number>; width: number } {
  if (numbers instanceof Column) return { values: numbers.values, width: 1 };
  if (numbers instanceof Matrix) return { values: numbers.data, width: numbers.nColumns };
  if (numbers === null || typeof numbers !== "object" || typeof numbers.length !== "number") {
    throw new ShapeError(`${where}: expected ${name} to be a matrix or an array of numbers, got ${show(numbers)}.`);
  }
  if (typeof numbers[0] !== "object") return { values: numbers as ArrayLike<number>, width: 1 };
  const { data, nColumns } = Matrix.from(numbers as readonly ArrayLike<number>[]);
  return { values: data, width: nColumns };
}

/** As {@link labelCodes}; where only yes or only no occurs, both are classes nevertheless. */
function classCodes(where: string, lists: Readonly<Record<string, Labels>>, options: LabelOptions) {
  const found = labelCodes(where, lists, options);
  if (options.labels !== undefined || found.labels.length !== 1) return found;
  const [label] = found.labels;
  const both = typeof label === "boolean" ? [false, true] : label === 0 || label === 1 ? [0, 1] : null;
  return both === null ? found : labelCodes(where, lists, { labels: both });
}
