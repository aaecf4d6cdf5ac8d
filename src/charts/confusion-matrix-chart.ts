import { checkOneOf, show } from "../core/check.js";
import { DataError, ShapeError } from "../core/errors.js";
import { Chart } from "./chart.js";
import { readableNumber, roundForChart } from "./numbers.js";
import { colours, type VegaLiteSpec } from "./spec.js";

export interface ConfusionMatrixChartOptions {
  /** @default "Confusion matrix" */
  readonly title?: string;
  /** Shares instead of counts: of each true class, of each predicted class, or of all. @default counts */
  readonly normalize?: "true" | "predicted" | "all";
}

/** What {@link confusionMatrixChart} draws. */
export interface CountedClasses {
  /** Shape `(nClasses, nClasses)`, true classes in rows. */
  readonly counts: readonly ArrayLike<number>[];
  /** The names of the classes, in the order of `counts`. */
  readonly labels: readonly (string | number | boolean)[];
}

/**
 * Draws a confusion matrix: how often a true class (row) was predicted as a class (column). The colour is always the
 * share of the true class, so that small classes can be read as well.
 *
 * @example
 * confusionMatrixChart(confusionMatrix(yTrue, yPredicted));
 */
export function confusionMatrixChart(
  { counts, labels }: CountedClasses,
  options: ConfusionMatrixChartOptions = {},
): Chart {
  const { title = "Confusion matrix", normalize } = options;
  if (normalize !== undefined) {
    checkOneOf("confusionMatrixChart", "normalize", normalize, ["true", "predicted", "all"]);
  }
  const names = labels.map(String);
  checkCounts(counts, names);
  const correct = names.reduce((sum, _, i) => sum + counts[i]![i]!, 0);
  const rows = confusionMatrixRows(counts, names, normalize);
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const subtitle = `accuracy ${readableNumber(correct / total)} (${readableNumber(correct)} of ${readableNumber(total)})`;
  const spec = { title: { text: title, subtitle }, ...matrixSpec(rows, names) };
  return new Chart(spec, { text: `${title}: ${subtitle}` });
}

function matrixSpec(rows: readonly ConfusionMatrixRow[], labels: readonly string[]): VegaLiteSpec {
  const cell = Math.min(64, Math.max(18, Math.round(480 / labels.length)));
  const isNarrow = labels.some((label) => label.length * 6.5 > cell);
  const axis = { domain: false, ticks: false, labelLimit: 140, titlePadding: 12 };
  const band = { type: "nominal", sort: null, scale: { domain: labels, padding: 0.04 } };
  const encoding = {
    x: { field: "predicted", ...band, axis: { ...axis, title: "predicted class", labelAngle: isNarrow ? -40 : 0 } },
    y: { field: "true", ...band, axis: { ...axis, title: "true class" } },
  };
  const tooltip = ["true", "predicted", "count", "share"].map((field) => ({ field, type: "nominal" }));
  return {
    width: cell * labels.length,
    height: cell * labels.length,
    data: { values: rows },
    encoding,
    layer: [
      {
        // No filter for invalid values: Vega-Lite 5.6 fails to merge it with the other layer's.
        mark: { type: "rect", cornerRadius: 3, invalid: null },
        encoding: {
          color: {
            field: "share",
            type: "quantitative",
            scale: { domain: [0, 1], range: ["#e9f0f9", colours.blue, "#1d4f91"] },
            legend: null,
          },
          tooltip,
        },
      },
      {
        mark: { type: "text", fontSize: Math.min(14, Math.round(cell / 3)), invalid: null },
        encoding: {
          text: { field: "text", type: "nominal" },
          color: { field: "ink", type: "nominal", scale: null },
          tooltip,
        },
      },
    ],
  };
}

/** A cell of a confusion matrix; `share` is that of the true class, `ink` reads on the cell's colour. */
export interface ConfusionMatrixRow {
  readonly true: string;
  readonly predicted: string;
  readonly count: number;
  readonly share: number;
  readonly text: string;
  readonly ink: string;
}

/** The cells of a confusion matrix as rows for a chart. */
export function confusionMatrixRows(
  counts: readonly ArrayLike<number>[],
  labels: readonly string[],
  normalize?: "true" | "predicted" | "all",
): ConfusionMatrixRow[] {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const ofTrue = counts.map((row) => sum(Array.from(row)));
  const ofPredicted = labels.map((_, j) => sum(counts.map((row) => row[j]!)));
  return labels.flatMap((trueLabel, i) =>
    labels.map((predicted, j) => {
      const count = counts[i]![j]!;
      const whole = { true: ofTrue[i]!, predicted: ofPredicted[j]!, all: sum(ofTrue) };
      const share = count / (ofTrue[i]! || 1);
      const text = normalize === undefined ? readableNumber(count) : percent(count / (whole[normalize] || 1));
      return { true: trueLabel, predicted, count, share: roundForChart(share), text, ink: inkOn(share, count) };
    }),
  );
}

function percent(share: number): string {
  if (share === 0) return "0";
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
}

/** Dark on pale, white on dark; a zero stays in the background. */
function inkOn(share: number, count: number): string {
  if (count === 0) return "#9aa7b8";
  return share > 0.4 ? "#ffffff" : "#16324f";
}

function checkCounts(counts: readonly ArrayLike<number>[], labels: readonly string[]): void {
  const nClasses = labels.length;
  const lengths = counts.map((row) => row.length);
  if (nClasses === 0 || counts.length !== nClasses || lengths.some((length) => length !== nClasses)) {
    const got = `${counts.length} rows with ${[...new Set(lengths)].join(" or ") || 0} columns`;
    throw new ShapeError(
      `confusionMatrixChart: counts must have a row and a column for each of the ${nClasses} labels, got ${got}.`,
    );
  }
  if (new Set(labels).size !== nClasses) {
    throw new DataError(
      `confusionMatrixChart: labels must differ from one another, got ${labels.map(show).join(", ")}.`,
    );
  }
  const wrong = counts.flatMap((row) => Array.from(row)).find((count) => !(count >= 0 && Number.isFinite(count)));
  if (wrong !== undefined) {
    throw new DataError(`confusionMatrixChart: counts must be numbers from 0, got ${show(wrong)}.`);
  }
  if (counts.every((row) => Array.from(row).every((count) => count === 0))) {
    throw new DataError("confusionMatrixChart: counts are all 0, so there is nothing to draw.");
  }
}
