import type { Label, Labels } from "../data/labels.js";
import { type LabelMetricOptions, labelledProbabilities, type NumberRows } from "../metrics/in-one-go.js";
import { type ThresholdCounts, thresholdCounts } from "../metrics/threshold-counts.js";

export interface ThresholdCurveOptions extends LabelMetricOptions {
  /** A line above the chart. */
  readonly title?: string;
}

/** The counts of one class against the rest, at each distinct score. */
export interface ClassCurve {
  readonly label: Label;
  readonly counts: ThresholdCounts;
  /** The weight of the rows of the class. */
  readonly positives: number;
  /** The weight of the other rows. */
  readonly negatives: number;
}

/** Of two classes that of the second one alone, of more that of each against the rest. */
export function classCurves(
  where: string,
  yTrue: Labels,
  scores: NumberRows,
  options: LabelMetricOptions,
): readonly ClassCurve[] {
  const { labels, codes, values, width } = labelledProbabilities(where, yTrue, scores, { ...options, anyScores: true });
  const weights = options.weights ?? new Float64Array(codes.length).fill(1);
  const classes = width > 2 ? labels.map((_, code) => code) : [labels.length - 1];
  return classes.map((code) => {
    const column = width === 1 ? 0 : code;
    const own = Float64Array.from(codes, (_, row) => values[row * width + column]!);
    const counts = thresholdCounts(
      own,
      codes.map((label) => (label === code ? 1 : 0)),
      weights,
    );
    const [positives, negatives] = [counts.truePositives.at(-1)!, counts.falsePositives.at(-1)!];
    return { label: labels[code]!, counts, positives, negatives };
  });
}
