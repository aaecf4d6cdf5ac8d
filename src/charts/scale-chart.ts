import { Chart } from "./chart.js";
import { readableDuration, readableNumber, roundForChart } from "./numbers.js";
import { colours, type VegaLiteSpec } from "./spec.js";

/** A model of a study of sizes. */
export interface ScaledModel {
  readonly depth: number;
  readonly width: number;
  readonly parameters: number;
  readonly seconds: number;
  /** What is compared; NaN if the training diverged. */
  readonly score: number;
}

export interface ScaleChartOptions {
  readonly title: string;
  /** What the score is, like "val_accuracy". */
  readonly metric: string;
  readonly better: "smaller" | "larger";
}

/** A heat map of depth and width: the score of each model, under it its parameters and the time that it trained. */
export function scaleChart(models: readonly ScaledModel[], options: ScaleChartOptions): Chart {
  const { title, metric, better } = options;
  const rows = scaleRows(models, better);
  const best = rows.find(({ rank }) => rank === 1);
  const subtitle =
    best === undefined ? metric : `${metric}; best: depth ${best.depth}, width ${best.width} (${best.text})`;
  const spec = { title: { text: title, subtitle }, ...heatMap(rows) };
  return new Chart(spec, { text: `${title}: ${subtitle}` });
}

/** A cell of the heat map; `shade` is 1 for the best score and 0 for the worst, `ink` reads on the cell's colour. */
export interface ScaleRow {
  readonly depth: string;
  readonly width: string;
  readonly text: string;
  readonly cost: string;
  readonly rank: number;
  readonly shade: number;
  readonly ink: string;
}

/** The cells of the heat map as rows for a chart. */
export function scaleRows(models: readonly ScaledModel[], better: "smaller" | "larger"): ScaleRow[] {
  const sign = better === "larger" ? 1 : -1;
  const scores = models.map(({ score }) => score).filter(Number.isFinite);
  const ranked = [...scores].sort((a, b) => sign * (b - a));
  const [best = 0, worst = 0] = [ranked[0], ranked.at(-1)];
  return models.map(({ depth, width, parameters, seconds, score }) => {
    const isScore = Number.isFinite(score);
    const shade = !isScore ? 0 : best === worst ? 1 : Math.abs((score - worst) / (best - worst));
    return {
      depth: String(depth),
      width: String(width),
      text: isScore ? readableNumber(score) : "diverged",
      cost: `${readableNumber(parameters)} parameters, ${readableDuration(seconds)}`,
      rank: isScore ? ranked.indexOf(score) + 1 : ranked.length + 1,
      shade: roundForChart(shade),
      ink: shade > 0.4 ? "#ffffff" : "#16324f",
    };
  });
}

function heatMap(rows: readonly ScaleRow[]): VegaLiteSpec {
  const [widths, depths] = [[...new Set(rows.map(({ width }) => width))], [...new Set(rows.map(({ depth }) => depth))]];
  const axis = { domain: false, ticks: false, titlePadding: 12, labelAngle: 0 };
  const band = (field: string, domain: string[]) => {
    return { field, type: "nominal", sort: null, scale: { domain, padding: 0.04 }, axis: { ...axis, title: field } };
  };
  const tooltip = ["depth", "width", "text", "cost", "rank"].map((field) => ({ field, type: "nominal" }));
  const label = (field: string, fontSize: number, dy: number) => ({
    mark: { type: "text", fontSize, dy, invalid: null },
    encoding: { text: { field, type: "nominal" }, color: { field: "ink", type: "nominal", scale: null }, tooltip },
  });
  return {
    width: 150 * widths.length,
    height: 64 * depths.length,
    data: { values: rows },
    encoding: { x: band("width", widths), y: band("depth", depths) },
    layer: [
      {
        mark: { type: "rect", cornerRadius: 3, invalid: null },
        encoding: {
          color: {
            field: "shade",
            type: "quantitative",
            scale: { domain: [0, 1], range: ["#e9f0f9", colours.blue, "#1d4f91"] },
            legend: null,
          },
          tooltip,
        },
      },
      label("text", 15, -8),
      label("cost", 10, 12),
    ],
  };
}
