import { Chart } from "./chart.js";
import {
  type ChartColumn,
  type ChartData,
  type ChartValue,
  type ColumnName,
  chartColumn,
  commonLength,
} from "./chart-data.js";
import { downsampleLine, everyNth } from "./downsample.js";
import { type ChartLayoutOptions, layoutOf, position, seriesColour, tooltipField } from "./encodings.js";
import { groupBy } from "./group-by.js";

/** More points than this make a notebook large and a page slow, and cannot be told apart. */
const maxPoints = 2000;

export interface XYChartOptions<Name extends string> extends ChartLayoutOptions {
  /** The column along the horizontal axis. */
  readonly x: Name;
  /** The column along the vertical axis. */
  readonly y: Name;
  /** A column that tells series apart. */
  readonly color?: Name;
}

interface Point {
  readonly x: ChartValue;
  readonly y: ChartValue;
  readonly color?: ChartValue;
}

/**
 * Draws a point for each row. Rows without a value are left out; of more than 2,000 an even selection is drawn, and the
 * chart says so.
 *
 * @example
 * scatterChart(penguins, { x: "billLength", y: "billDepth", color: "species" });
 */
export function scatterChart<Data extends ChartData>(data: Data, options: XYChartOptions<ColumnName<Data>>): Chart {
  const { columns, points } = readPoints("scatterChart", data, options);
  const drawn = everyNth(points, maxPoints);
  const counts = [drawn, points].map(({ length }) => length.toLocaleString("en-US"));
  const note = drawn.length < points.length ? `${counts.join(" of ")} points` : undefined;
  const mark = { type: "point" as const, filled: true, size: 36, opacity: 0.75 };
  return xyChart("scatterChart", options, columns, drawn, mark, note);
}

/**
 * Draws a line through the rows in the order of `x`, one for each value of `color`. Of more than 2,000 points the lowest
 * and the highest of each stretch are kept.
 *
 * @example
 * lineChart({ step: [1, 2, 3], loss: [0.9, 0.5, 0.4] }, { x: "step", y: "loss" });
 */
export function lineChart<Data extends ChartData>(data: Data, options: XYChartOptions<ColumnName<Data>>): Chart {
  const { columns, points } = readPoints("lineChart", data, options);
  const lines = [...groupBy(points, ({ color }) => color).values()];
  const drawn = lines.flatMap((line) => {
    const inOrder = line.sort((a, b) => (a.x! < b.x! ? -1 : Number(a.x! > b.x!)));
    return downsampleLine(inOrder, ({ y }) => Number(y), Math.floor(maxPoints / lines.length));
  });
  const point = drawn.length <= 60 ? { size: 22 } : { size: 30, opacity: 0 };
  return xyChart("lineChart", options, columns, drawn, { type: "line", point });
}

interface XYColumns {
  readonly x: ChartColumn;
  readonly y: ChartColumn;
  readonly color: ChartColumn | undefined;
}

function readPoints(where: string, data: ChartData, options: XYChartOptions<string>) {
  const column = (name: string) => chartColumn(where, data, name);
  const columns: XYColumns = {
    x: column(options.x),
    y: column(options.y),
    color: options.color === undefined ? undefined : column(options.color),
  };
  const { x, y, color } = columns;
  const length = commonLength(where, color === undefined ? [x, y] : [x, y, color]);
  const points: Point[] = [];
  for (let i = 0; i < length; i++) {
    const point = { x: x.values[i]!, y: y.values[i]!, ...(color && { color: color.values[i]! }) };
    if (Object.values(point).every((value) => value !== null)) points.push(point);
  }
  return { columns, points };
}

function xyChart(
  where: string,
  options: XYChartOptions<string>,
  { x, y, color }: XYColumns,
  points: readonly Point[],
  mark: { readonly type: "line" | "point"; readonly [property: string]: unknown },
  note?: string,
): Chart {
  const isLine = mark.type === "line";
  const encoding = {
    x: position("x", x, isLine ? { nice: false } : { padding: 6 }),
    y: position("y", y, isLine ? {} : { padding: 6 }),
    color: seriesColour(color, isLine ? { symbolType: "stroke", symbolOpacity: 1 } : {}),
    tooltip: [
      tooltipField("x", x.type, x.name),
      tooltipField("y", y.type, y.name),
      ...(color ? [tooltipField("color", color.type, color.name)] : []),
    ],
  };
  const names = `${y.name} over ${x.name}${color ? ` by ${color.name}` : ""}`;
  const text = `${options.title ?? where}: ${names}, ${points.length} points`;
  return new Chart({ ...layoutOf(where, options, points, note), mark, encoding }, { text });
}
