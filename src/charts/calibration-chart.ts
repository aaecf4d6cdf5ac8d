import { Chart } from "./chart.js";
import { roundForChart } from "./numbers.js";
import { colours } from "./spec.js";

/** The rows whose predicted probability is in one bin. */
export interface CalibrationPoint {
  /** Which predictions, as the legend says it. */
  readonly series: string;
  readonly from: number;
  readonly to: number;
  /** The mean predicted probability. */
  readonly predicted: number;
  /** How often it was so. */
  readonly observed: number;
  readonly count: number;
}

export interface CalibrationChartOptions {
  readonly title: string;
  readonly subtitle: string;
  /** What the probabilities are about. */
  readonly about: string;
}

/** A reliability diagram: how often it was so over how probable it was said to be; below, how many rows each bin has. */
export function calibrationChart(points: readonly CalibrationPoint[], options: CalibrationChartOptions): Chart {
  const { title, subtitle, about } = options;
  const rows = points.map((point) => ({
    series: point.series,
    from: roundForChart(point.from),
    to: roundForChart(point.to),
    predicted: roundForChart(point.predicted),
    observed: roundForChart(point.observed),
    count: point.count,
  }));
  const names = [...new Set(rows.map(({ series }) => series))];
  const legend = names.length === 1 ? null : { title: null, symbolOpacity: 1 };
  const color = { field: "series", type: "nominal", scale: { domain: names }, legend };
  const unit = { type: "quantitative", scale: { domain: [0, 1] } };
  const ticks = { values: [0, 0.2, 0.4, 0.6, 0.8, 1], format: ".1f" };
  const tooltip = ["predicted", "observed", "count"].map((field) => ({ field, type: "quantitative" }));
  const x = { field: "predicted", ...unit, axis: { ...ticks, title: `predicted ${about}` } };
  const y = { field: "observed", ...unit, axis: { ...ticks, title: "observed share" } };
  const diagonal = [0, 1].map((end) => ({ predicted: end, observed: end }));
  const spec = {
    title: { text: title, subtitle },
    spacing: 14,
    vconcat: [
      {
        width: 320,
        height: 300,
        layer: [
          {
            data: { values: diagonal },
            mark: { type: "line", color: colours.grey, strokeDash: [4, 4], strokeWidth: 1 },
            encoding: { x, y },
          },
          {
            data: { values: rows },
            mark: { type: "line", point: { filled: true, size: 40 } },
            encoding: { x, y, color, tooltip },
          },
        ],
      },
      {
        width: 320,
        height: 60,
        data: { values: rows },
        mark: { type: "bar", opacity: names.length === 1 ? 0.8 : 0.55 },
        encoding: {
          x: { field: "from", ...unit, bin: { binned: true }, axis: { ...ticks, title: null, labels: false } },
          x2: { field: "to" },
          y: { field: "count", type: "quantitative", stack: null, axis: { title: "rows", tickCount: 3 } },
          color,
          tooltip,
        },
      },
    ],
  };
  return new Chart(spec, { text: `${title}: ${subtitle}` });
}
