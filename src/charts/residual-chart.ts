import { Chart } from "./chart.js";
import { everyNth } from "./downsample.js";
import { roundForChart } from "./numbers.js";
import { colours } from "./spec.js";

/** How far off one prediction is. */
export interface ResidualPoint {
  readonly predicted: number;
  /** The true number less the predicted one. */
  readonly residual: number;
}

export interface ResidualChartOptions {
  readonly title: string;
  readonly subtitle: string;
}

const maxPoints = 1500;
const nBins = 24;

/** Residuals over what was predicted, and beside it how many there are of each size. */
export function residualChart(points: readonly ResidualPoint[], { title, subtitle }: ResidualChartOptions): Chart {
  const drawn = everyNth(points, maxPoints).map(({ predicted, residual }) => {
    return { predicted: roundForChart(predicted), residual: roundForChart(residual) };
  });
  const bins = residualBins(points.map(({ residual }) => residual));
  const end = roundForChart(Math.max(...bins.map(({ from, to }) => Math.max(Math.abs(from), Math.abs(to)))));
  const scale = { domain: [-end, end], nice: false };
  const zero = {
    data: { values: [{ zero: 0 }] },
    mark: { type: "rule", color: colours.grey, strokeDash: [4, 4] },
    encoding: { y: { field: "zero", type: "quantitative" } },
  };
  const spec = {
    title: { text: title, subtitle },
    spacing: 10,
    hconcat: [
      {
        width: 340,
        height: 260,
        layer: [
          zero,
          {
            data: { values: drawn },
            mark: { type: "point", filled: true, size: 26, opacity: 0.6 },
            encoding: {
              x: {
                field: "predicted",
                type: "quantitative",
                scale: { zero: false, padding: 6 },
                axis: { tickCount: 6 },
              },
              y: {
                field: "residual",
                type: "quantitative",
                scale,
                axis: { title: "residual: true - predicted", tickCount: 7 },
              },
              tooltip: ["predicted", "residual"].map((field) => ({ field, type: "quantitative" })),
            },
          },
        ],
      },
      {
        width: 70,
        height: 260,
        data: { values: bins },
        mark: { type: "bar", opacity: 0.8 },
        encoding: {
          y: {
            field: "from",
            type: "quantitative",
            bin: { binned: true },
            scale,
            axis: { title: null, labels: false, tickCount: 7 },
          },
          y2: { field: "to" },
          x: { field: "count", type: "quantitative", axis: { title: "rows", tickCount: 2 } },
          tooltip: ["from", "to", "count"].map((field) => ({ field, type: "quantitative" })),
        },
      },
    ],
  };
  return new Chart(spec, { text: `${title}: ${subtitle}` });
}

/** How many residuals there are of each size; the bins lie evenly around 0. */
export function residualBins(residuals: readonly number[]): { from: number; to: number; count: number }[] {
  const end = residuals.reduce((most, residual) => Math.max(most, Math.abs(residual)), 0) || 1;
  const width = (2 * end) / nBins;
  const counts = new Array<number>(nBins).fill(0);
  for (const residual of residuals) counts[Math.min(nBins - 1, Math.floor((residual + end) / width))]!++;
  return counts.map((count, i) => {
    return { from: roundForChart(i * width - end), to: roundForChart((i + 1) * width - end), count };
  });
}
