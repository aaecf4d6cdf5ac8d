import { Chart } from "./chart.js";
import { downsampleLine } from "./downsample.js";
import { groupBy } from "./group-by.js";
import { roundForChart } from "./numbers.js";
import { colours } from "./spec.js";

/** A point of a curve between two shares. */
export interface RatePoint {
  /** Which curve, as the legend says it. */
  readonly series: string;
  readonly x: number;
  readonly y: number;
}

export interface RateCurveOptions {
  readonly title: string;
  readonly subtitle: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Ends of a dashed line: what a guess gets. */
  readonly chance: readonly [from: readonly [x: number, y: number], to: readonly [x: number, y: number]];
}

const maxPoints = 1900;

/** Curves in the unit square, one for each class, beside what a guess gets. */
export function rateCurveChart(points: readonly RatePoint[], options: RateCurveOptions): Chart {
  const { title, subtitle, xTitle, yTitle, chance } = options;
  const curves = [...groupBy(points, ({ series }) => series).values()];
  const most = Math.max(4, Math.floor(maxPoints / curves.length));
  const rows = curves
    .flatMap((curve) => downsampleLine(curve, ({ y }) => y, most))
    .map(({ series, x, y }) => ({ series, x: roundForChart(x), y: roundForChart(y) }));
  const axis = (name: string) => ({ title: name, values: [0, 0.2, 0.4, 0.6, 0.8, 1], format: ".1f" });
  const shared = { type: "quantitative", scale: { domain: [0, 1] } };
  const x = { field: "x", ...shared, axis: axis(xTitle) };
  const y = { field: "y", ...shared, axis: axis(yTitle) };
  const names = curves.map((curve) => curve[0]!.series);
  const legend = names.length === 1 ? null : { title: null, symbolType: "stroke", symbolOpacity: 1, labelLimit: 220 };
  const spec = {
    title: { text: title, subtitle },
    width: 320,
    height: 320,
    layer: [
      {
        data: { values: chance.map(([from, to]) => ({ x: from, y: to })) },
        mark: { type: "line", color: colours.grey, strokeDash: [4, 4], strokeWidth: 1 },
        encoding: { x, y },
      },
      {
        data: { values: rows },
        mark: { type: "line", interpolate: "linear" },
        encoding: {
          x,
          y,
          // The rows come in the order of the thresholds.
          order: { value: null },
          color: { field: "series", type: "nominal", scale: { domain: names }, legend },
        },
      },
    ],
  };
  return new Chart(spec, { text: `${title}: ${subtitle}` });
}
