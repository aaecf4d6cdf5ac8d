import { show } from "../core/check.js";
import { DataError, ShapeError } from "../core/errors.js";
import { suggest } from "../core/nearest.js";
import { roundForChart } from "./numbers.js";

/** What a chart draws: a frame, an array of row objects, or an object of columns of one length. */
export type ChartData = Iterable<object> | Readonly<Record<string, ArrayLike<unknown>>>;

/** The names of the columns of `Data`. */
export type ColumnName<Data> = Data extends Iterable<infer Row> ? keyof Row & string : keyof Data & string;

/** A value as a chart carries it. */
export type ChartValue = number | string | null;

export type ColumnType = "quantitative" | "temporal" | "nominal";

export interface ChartColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly values: readonly ChartValue[];
}

/** Reads one column. Missing values and numbers that are not finite become null. */
export function chartColumn(where: string, data: ChartData, name: string): ChartColumn {
  const cells = isIterable(data) ? cellsOfRows(where, [...data], name) : cellsOfColumns(where, data, name);
  const values = cells.map(chartValue);
  if (values.every((value) => value === null)) {
    throw new DataError(`${where}: column ${show(name)} has no values to draw.`);
  }
  const present = cells.filter((_, i) => values[i] !== null);
  return { name, type: typeOf(present), values };
}

/** Throws unless the columns have one length; returns it. */
export function commonLength(where: string, columns: readonly ChartColumn[]): number {
  const [first, ...others] = columns;
  for (const { name, values } of others) {
    if (values.length === first!.values.length) continue;
    const lengths = `${show(first!.name)} has ${first!.values.length} values and ${show(name)} has ${values.length}`;
    throw new ShapeError(`${where}: columns must have one length, but ${lengths}.`);
  }
  return first!.values.length;
}

function cellsOfRows(where: string, rows: readonly object[], name: string): unknown[] {
  if (rows.length === 0) throw new DataError(`${where}: there are no rows to draw.`);
  if (!rows.some((row) => name in row)) throw unknownColumn(where, name, namesIn(rows[0]!));
  return rows.map((row) => (name in row ? Reflect.get(row, name) : null));
}

function cellsOfColumns(where: string, columns: Readonly<Record<string, ArrayLike<unknown>>>, name: string): unknown[] {
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column === undefined) throw unknownColumn(where, name, Object.keys(columns));
  return Array.from(column);
}

/** The names of a row's cells, also inherited ones: the rows of a frame read their cells through getters of a prototype. */
export function namesIn(row: object): string[] {
  const names: string[] = [];
  for (const name in row) names.push(name);
  return names;
}

function unknownColumn(where: string, name: string, names: readonly string[]): DataError {
  return new DataError(`${where}: no column ${show(name)}. ${suggest(name, names, "columns")}`);
}

function chartValue(cell: unknown): ChartValue {
  if (typeof cell === "number") return Number.isFinite(cell) ? roundForChart(cell) : null;
  if (cell === null || cell === undefined) return null;
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? null : cell.toISOString();
  if (typeof cell === "bigint") return Number(cell);
  return String(cell);
}

function typeOf(present: readonly unknown[]): ColumnType {
  if (present.every((cell) => typeof cell === "number" || typeof cell === "bigint")) return "quantitative";
  return present.every((cell) => cell instanceof Date) ? "temporal" : "nominal";
}

function isIterable(data: ChartData): data is Iterable<object> {
  return Symbol.iterator in data;
}
