import { Chart } from "./chart.js";
import { readableNumber, roundForChart } from "./numbers.js";
import { colours, type VegaLiteSpec } from "./spec.js";

/** The loss of a step that was made with a learning rate. */
export interface RateRow {
  readonly rate: number;
  readonly loss: number;
  /** A moving mean of the losses. */
  readonly smoothed: number;
}

export interface RateMarks {
  readonly suggestion: number | null;
  readonly steepest: number | null;
}

/** The loss over the learning rate, with the rates that are suggested. */
export function learningRateChart(rows: readonly RateRow[], marks: RateMarks): Chart {
  const named = Object.entries(marks).flatMap(([name, rate]) => (rate === null ? [] : [{ name, rate }]));
  const said = named.map(({ name, rate }) => `${name} ${readableNumber(rate)}`).join("  ·  ");
  const subtitle = said || "the loss never falls: check the data and the loss";
  return new Chart(spec(rows, named, subtitle), { text: `Learning rate: ${subtitle}` });
}

function spec(
  rows: readonly RateRow[],
  marks: readonly { name: string; rate: number }[],
  subtitle: string,
): VegaLiteSpec {
  const values = rows.flatMap(({ rate, loss, smoothed }) => {
    return Number.isFinite(smoothed) ? [{ rate, loss: roundForChart(loss), smoothed: roundForChart(smoothed) }] : [];
  });
  const ceiling = 1.5 * Math.max(...values.slice(0, Math.ceil(values.length / 2)).map(({ smoothed }) => smoothed), 0);
  const x = {
    field: "rate",
    type: "quantitative",
    scale: { type: "log", nice: false },
    axis: { title: "learning rate", format: ".0e", tickCount: 8 },
  };
  const y = (field: string) => ({
    field,
    type: "quantitative",
    scale: { zero: false, ...(ceiling > 0 && { domainMax: ceiling }) },
    axis: { title: "loss", tickCount: 5 },
  });
  return {
    title: { text: "Learning rate", subtitle },
    width: 480,
    height: 220,
    layer: [
      { data: { values }, mark: { type: "point", size: 12, opacity: 0.35, clip: true }, encoding: { x, y: y("loss") } },
      { data: { values }, mark: { type: "line", clip: true }, encoding: { x, y: y("smoothed") } },
      { data: { values: marks }, mark: { type: "rule", color: colours.grey, strokeDash: [3, 3] }, encoding: { x } },
      ...marks.map((mark, i) => ({
        data: { values: [mark] },
        mark: { type: "text", color: colours.grey, align: "left", dx: 4, fontSize: 10.5, y: 8 + 14 * i },
        encoding: { x, text: { field: "name", type: "nominal" } },
      })),
    ],
  };
}
