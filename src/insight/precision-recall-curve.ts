import type { Chart } from "../charts/chart.js";
import { readableNumber } from "../charts/numbers.js";
import { rateCurveChart } from "../charts/rate-curve-chart.js";
import type { Label, Labels } from "../data/labels.js";
import type { NumberRows } from "../metrics/in-one-go.js";
import { averagePrecision } from "../metrics/threshold-counts.js";
import { type ClassCurve, classCurves, type ThresholdCurveOptions } from "./class-curves.js";
import { RateCurve } from "./rate-curve.js";

/** What happens if all rows with at least the score `threshold` are taken for the class `label`. */
export interface PrecisionRecallRow {
  readonly label: Label;
  /** The last is infinite: no row is taken. */
  readonly threshold: number;
  /** Of the rows that are taken, the share that is of the class; 1 where none is taken. */
  readonly precision: number;
  /** Of the rows of the class, the share that is taken. */
  readonly recall: number;
}

/** What {@link precisionRecallCurve} found: the rows, the average precision, a chart. */
export class PrecisionRecallCurve extends RateCurve<PrecisionRecallRow> {
  constructor(
    rows: readonly PrecisionRecallRow[],
    areas: ReadonlyMap<Label, number>,
    /** The share of the rows that is of each class: the precision of a guess. */
    private readonly shares: ReadonlyMap<Label, number>,
    title: string,
  ) {
    super(rows, areas, title);
  }

  get chart(): Chart {
    const shares = [...this.shares.values()];
    const guess = shares.reduce((a, b) => a + b) / shares.length;
    const mean = this.areas.size > 1 ? `mean average precision of ${this.areas.size} classes` : "average precision";
    return rateCurveChart(
      this.points(
        ({ recall }) => recall,
        ({ precision }) => precision,
      ),
      {
        title: this.title,
        subtitle: `${mean} ${readableNumber(this.area)}, of a guess ${readableNumber(guess)}`,
        xTitle: "recall",
        yTitle: "precision",
        chance: [
          [0, guess],
          [1, guess],
        ],
      },
    );
  }
}

/**
 * How many rows of a class are found and how many of those that are taken are right, for each threshold of the score; with few rows
 * of the class it tells more than the ROC curve. Of two classes it is that of the second one; of more each class is drawn against
 * the rest.
 *
 * @param scores - One for each row, or probabilities with a column a class.
 * @throws ShapeError if rows or classes do not fit.
 * @throws DataError if a score is missing, or a label is missing or not among `labels`.
 *
 * @example
 * precisionRecallCurve(yValidation, await predict(model, xValidation));
 */
export function precisionRecallCurve(
  yTrue: Labels,
  scores: NumberRows,
  options: ThresholdCurveOptions = {},
): PrecisionRecallCurve {
  const { title = "Precision-recall curve", ...given } = options;
  const curves = classCurves("precisionRecallCurve", yTrue, scores, given);
  const areas = new Map(curves.map(({ label, counts }) => [label, averagePrecision(counts)]));
  const shares = new Map(curves.map(({ label, positives, negatives }) => [label, positives / (positives + negatives)]));
  return new PrecisionRecallCurve(curves.flatMap(rowsOf), areas, shares, title);
}

/** From the lowest threshold: recall falls. */
function rowsOf({ label, counts, positives }: ClassCurve): PrecisionRecallRow[] {
  const { thresholds, truePositives, falsePositives } = counts;
  const rows = thresholds.map((threshold, i) => {
    const hits = truePositives[i]!;
    const taken = hits + falsePositives[i]!;
    return { label, threshold, precision: taken === 0 ? 0 : hits / taken, recall: hits / positives };
  });
  return [...rows.reverse(), { label, threshold: Number.POSITIVE_INFINITY, precision: 1, recall: 0 }];
}
