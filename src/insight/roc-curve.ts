import type { Chart } from "../charts/chart.js";
import { readableNumber } from "../charts/numbers.js";
import { rateCurveChart } from "../charts/rate-curve-chart.js";
import type { Label, Labels } from "../data/labels.js";
import type { NumberRows } from "../metrics/in-one-go.js";
import { rocArea } from "../metrics/threshold-counts.js";
import { type ClassCurve, classCurves, type ThresholdCurveOptions } from "./class-curves.js";
import { RateCurve } from "./rate-curve.js";

/** What happens if all rows with at least the score `threshold` are taken for the class `label`. */
export interface RocRow {
  readonly label: Label;
  /** The first is infinite: no row is taken. */
  readonly threshold: number;
  /** Of the rows of other classes, the share that is taken. */
  readonly falsePositiveRate: number;
  /** Of the rows of the class, the share that is taken. */
  readonly truePositiveRate: number;
}

/** What {@link rocCurve} found: the rows, the area, a chart. */
export class RocCurve extends RateCurve<RocRow> {
  get chart(): Chart {
    const mean =
      this.areas.size > 1 ? `mean area under the curves of ${this.areas.size} classes` : "area under the curve";
    return rateCurveChart(
      this.points(
        ({ falsePositiveRate }) => falsePositiveRate,
        ({ truePositiveRate }) => truePositiveRate,
      ),
      {
        title: this.title,
        subtitle: `${mean} ${readableNumber(this.area)}`,
        xTitle: "false positive rate",
        yTitle: "true positive rate",
        chance: [
          [0, 0],
          [1, 1],
        ],
      },
    );
  }
}

/**
 * How many rows of a class are found at the price of how many false alarms, for each threshold of the score: the receiver operating
 * characteristic. Of two classes it is that of the second one (1, `true`); of more each class is drawn against the rest.
 *
 * Thresholds between two points on a straight line are left out.
 *
 * @param scores - One for each row, or probabilities with a column a class.
 * @throws ShapeError if rows or classes do not fit.
 * @throws DataError if a score is missing, or a label is missing or not among `labels`.
 *
 * @example
 * rocCurve(yValidation, await predict(model, xValidation));
 */
export function rocCurve(yTrue: Labels, scores: NumberRows, options: ThresholdCurveOptions = {}): RocCurve {
  const { title = "ROC curve", ...given } = options;
  const curves = classCurves("rocCurve", yTrue, scores, given);
  const areas = new Map(curves.map(({ label, counts }) => [label, rocArea(counts)]));
  return new RocCurve(curves.flatMap(rowsOf), areas, title);
}

function rowsOf({ label, counts, positives, negatives }: ClassCurve): RocRow[] {
  const { thresholds, truePositives, falsePositives } = counts;
  const bends = (values: readonly number[], i: number) => values[i + 1]! - values[i]! !== values[i]! - values[i - 1]!;
  const isCorner = (i: number) =>
    i === 0 || i === thresholds.length - 1 || bends(truePositives, i) || bends(falsePositives, i);
  const row = (threshold: number, hits: number, alarms: number): RocRow => ({
    label,
    threshold,
    falsePositiveRate: alarms / negatives,
    truePositiveRate: hits / positives,
  });
  const corners = thresholds.flatMap((threshold, i) =>
    isCorner(i) ? [row(threshold, truePositives[i]!, falsePositives[i]!)] : [],
  );
  return [row(Number.POSITIVE_INFINITY, 0, 0), ...corners];
}
