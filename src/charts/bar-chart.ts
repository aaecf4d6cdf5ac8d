import { checkOneOf, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { Chart } from "./chart.js";
import { type ChartData, type ChartValue, type ColumnName, chartColumn, commonLength } from "./chart-data.js";
import { type ChartLayoutOptions, layoutOf, position, seriesColour, tooltipField } from "./encodings.js";
import { groupBy } from "./group-by.js";
import { roundForChart } from "./numbers.js";

export interface BarChartOptions<Name extends string> extends ChartLayoutOptions {
  /** The column with a bar for each of its values. */
  readonly x: Name;
  /** The column with the heights. @default how many rows there are */
  readonly y?: Name;
  /** How the rows of one bar become its height; needed where a bar has several. */
  readonly aggregate?: "sum" | "mean";
  /** A column that divides each bar into bars side by side. */
  readonly color?: Name;
}

/**
 * Draws a bar for each value of a column: how many rows have it, or the height that another column says.
 *
 * @example
 * barChart(penguins, { x: "species" }); // how many of each
 * barChart(penguins, { x: "species", y: "bodyMass", aggregate: "mean" });
 */
export function barChart<Data extends ChartData>(data: Data, options: BarChartOptions<ColumnName<Data>>): Chart {
  const { x: xName, y: yName, color: colorName, aggregate, title } = options as BarChartOptions<string>;
  if (aggregate !== undefined) checkOneOf("barChart", "aggregate", aggregate, ["sum", "mean"]);
  const x = { ...chartColumn("barChart", data, xName), type: "nominal" as const };
  const y = yName === undefined ? undefined : chartColumn("barChart", data, yName);
  const color = colorName === undefined ? undefined : chartColumn("barChart", data, colorName);
  if (y !== undefined && y.type !== "quantitative") {
    throw new OptionError(`barChart: y must be a column of numbers, got ${show(y.name)} with other values.`);
  }
  const nRows = commonLength(
    "barChart",
    [x, y, color].filter((column) => column !== undefined),
  );
  const rows = Array.from({ length: nRows }, (_, i) => ({
    x: x.values[i]!,
    y: y === undefined ? 1 : y.values[i]!,
    ...(color && { color: color.values[i]! }),
  })).filter((row) => Object.values(row).every((value) => value !== null));
  const bars = [...groupBy(rows, (row) => JSON.stringify([row.x, row.color])).values()].map((group) => ({
    ...group[0]!,
    y: height(
      group.map((row) => Number(row.y)),
      y === undefined ? "sum" : aggregate,
      group[0]!.x,
    ),
  }));
  const heightName = y === undefined ? "rows" : aggregate === "mean" ? `mean of ${y.name}` : y.name;
  const encoding = {
    x: { ...position("x", x), axis: { title: x.name, labelAngle: 0, labelLimit: 120 }, scale: { paddingInner: 0.25 } },
    y: { field: "y", type: "quantitative", scale: { nice: 6 }, axis: { title: heightName, tickCount: 6 } },
    color: seriesColour(color && { ...color, type: "nominal" }),
    ...(color && { xOffset: { field: "color", type: "nominal" } }),
    tooltip: [
      tooltipField("x", "nominal", x.name),
      tooltipField("y", "quantitative", heightName),
      ...(color ? [tooltipField("color", "nominal", color.name)] : []),
    ],
  };
  const text = `${title ?? "barChart"}: ${heightName} for each ${x.name}, ${bars.length} bars`;
  const mark = { type: "bar", cornerRadiusEnd: 2 };
  return new Chart({ ...layoutOf("barChart", options, bars), mark, encoding }, { text });
}

function height(values: readonly number[], aggregate: "sum" | "mean" | undefined, bar: ChartValue): number {
  if (aggregate === undefined && values.length > 1) {
    throw new OptionError(
      `barChart: the bar ${show(bar)} has ${values.length} rows. Say aggregate: "mean" or "sum", or leave y out to count.`,
    );
  }
  const sum = values.reduce((total, value) => total + value, 0);
  return roundForChart(aggregate === "mean" ? sum / values.length : sum);
}
