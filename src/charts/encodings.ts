import { checkNumber } from "../core/check.js";
import type { ChartColumn, ColumnType } from "./chart-data.js";
import { colours, type VegaLiteSpec } from "./spec.js";

/** What every chart takes. */
export interface ChartLayoutOptions {
  /** A line above the chart. */
  readonly title?: string;
  /** Of the plot without its axes, in pixels. @default 420 */
  readonly width?: number;
  /** Of the plot without its axes, in pixels. @default 260 */
  readonly height?: number;
}

/** The parts that charts share: title, size and data. */
export function layoutOf(
  where: string,
  { title, width = 420, height = 260 }: ChartLayoutOptions,
  rows: readonly object[],
  subtitle?: string,
): VegaLiteSpec {
  checkNumber(where, "width", width, { above: 0, atMost: 4000 });
  checkNumber(where, "height", height, { above: 0, atMost: 4000 });
  const heading =
    title === undefined && subtitle === undefined
      ? {}
      : { title: { text: title ?? "", ...(subtitle && { subtitle }) } };
  return { ...heading, width, height, data: { values: rows } };
}

/**
 * The encoding of a column as a place along an axis. Fields have names of ours and a column's name is only the axis
 * title, so that no name can be read as a path or an expression.
 */
export function position(field: "x" | "y", { name, type }: ChartColumn, scale: object = {}): VegaLiteSpec {
  if (type !== "quantitative")
    return { field, type, sort: null, axis: { title: name, ...(type === "nominal" && { labelAngle: 0 }) } };
  return { field, type, scale: { zero: false, ...scale }, axis: { title: name, tickCount: 6 } };
}

/** The encoding of a column that tells series apart, or one colour when there is none. */
export function seriesColour(column: ChartColumn | undefined, legend: object = {}): VegaLiteSpec {
  if (column === undefined) return { value: colours.blue };
  const { name, type, values } = column;
  if (type === "quantitative")
    return { field: "color", type, scale: { scheme: "viridis" }, legend: { title: name, ...legend } };
  const domain = [...new Set(values)].filter((value) => value !== null).sort();
  return { field: "color", type: "nominal", scale: { domain }, legend: { title: name, ...legend } };
}

/**
 * What the pointer shows for a field. Vega-Lite writes the title into an expression, quotes and all, so that a name which
 * is more than words and numbers is left out there, and the field's own name shown.
 */
export function tooltipField(field: string, type: ColumnType, title: string): VegaLiteSpec {
  return { field, type, ...(/^[\p{L}\p{N} _()%./-]+$/u.test(title) && { title }) };
}
