import { checkNumber, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { Chart } from "./chart.js";
import { type ChartData, type ChartValue, type ColumnName, chartColumn, commonLength } from "./chart-data.js";
import { type ChartLayoutOptions, layoutOf, seriesColour } from "./encodings.js";
import { groupBy } from "./group-by.js";

export interface HistogramOptions<Name extends string> extends ChartLayoutOptions {
  /** The column of numbers. */
  readonly x: Name;
  /** About how many bins, from 1 to 200; their edges are round numbers. @default 20 */
  readonly bins?: number;
  /** A column with a histogram for each of its values, laid over one another. */
  readonly color?: Name;
}

/**
 * Draws how often the numbers of a column fall into bins of one width.
 *
 * @example
 * histogram(penguins, { x: "bodyMass", color: "species" });
 */
export function histogram<Data extends ChartData>(data: Data, options: HistogramOptions<ColumnName<Data>>): Chart {
  const { x: xName, bins = 20, color: colorName, title } = options as HistogramOptions<string>;
  checkNumber("histogram", "bins", bins, { integer: true, atLeast: 1, atMost: 200 });
  const x = chartColumn("histogram", data, xName);
  const color = colorName === undefined ? undefined : chartColumn("histogram", data, colorName);
  if (x.type !== "quantitative") {
    throw new OptionError(
      `histogram: x must be a column of numbers, got ${show(x.name)}. For categories use barChart.`,
    );
  }
  commonLength("histogram", color === undefined ? [x] : [x, color]);
  const cells = x.values
    .map((value, i) => ({ value: value as number | null, color: color?.values[i] ?? null }))
    .filter((cell): cell is Cell => cell.value !== null && (color === undefined || cell.color !== null));
  const rows = binned(cells, bins);
  const encoding = {
    x: { field: "from", type: "quantitative", bin: "binned", axis: { title: x.name, grid: false, tickCount: 8 } },
    x2: { field: "to" },
    y: { field: "count", type: "quantitative", stack: null, scale: { nice: 6 }, axis: { title: "rows", tickCount: 6 } },
    color: seriesColour(color && { ...color, type: "nominal" }),
    tooltip: ["from", "to", "count", ...(color ? ["color"] : [])].map((field) => ({ field, type: "nominal" })),
  };
  const text = `${title ?? "histogram"}: ${x.name}${color ? ` by ${color.name}` : ""}, ${cells.length} values`;
  const mark = { type: "bar", opacity: color ? 0.6 : 0.9, binSpacing: 1 };
  return new Chart({ ...layoutOf("histogram", options, rows), mark, encoding }, { text });
}

interface Cell {
  readonly value: number;
  readonly color: ChartValue;
}

function binned(cells: readonly Cell[], bins: number): object[] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { value } of cells) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const { step, decimals } = roundStep((high - low || 1) / bins);
  const first = Math.floor(low / step);
  // The last bin takes its upper edge in, so that the highest value does not get a bin of its own.
  const last = Math.max(first, Math.ceil(high / step) - 1);
  const binOf = ({ value }: Cell) => Math.min(last, Math.floor(value / step));
  const edge = (bin: number) => Number((bin * step).toFixed(decimals));
  return [...groupBy(cells, ({ color }) => color)].flatMap(([color, series]) =>
    [...groupBy(series, binOf)]
      .sort(([a], [b]) => a - b)
      .map(([bin, { length: count }]) => ({
        from: edge(bin),
        to: edge(bin + 1),
        count,
        ...(color !== null && { color }),
      })),
  );
}

/** The nearest larger step of 1, 2 or 5 times a power of ten, and the decimals that its multiples have. */
function roundStep(wanted: number): { step: number; decimals: number } {
  const power = Math.floor(Math.log10(wanted));
  const factor = [1, 2, 5, 10].find((size) => size * 10 ** power >= wanted * (1 - 1e-9)) ?? 10;
  return { step: factor * 10 ** power, decimals: Math.max(0, -power) };
}
