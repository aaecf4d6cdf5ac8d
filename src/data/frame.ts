import { inspect } from "node:util";
import { checkNumber, checkOneOf, show } from "../core/check.js";
import { DataError, ShapeError } from "../core/errors.js";
import { Matrix } from "../core/matrix.js";
import type { Part, SamePart } from "../core/part.js";
import { displaySymbol, type MimeBundle } from "../output/mime.js";
import { buildColumn, type ColumnSource } from "./build-column.js";
import type { BooleanColumn, Cell, Column, DateColumn, NumberColumn, StringColumn } from "./column.js";
import { concatColumns } from "./concat-columns.js";
import { type Description, describeColumns } from "./describe.js";
import { frameBundle } from "./frame-view.js";
import { rowViews } from "./row-view.js";
import { unknownColumn } from "./unknown-column.js";
import { type ValueCount, valueCounts } from "./value-counts.js";

/** The names of a frame's columns and what each holds. */
export type Columns = { readonly [name: string]: Cell };

/** The class of a column that holds `T`. */
export type ColumnOf<T> = [NonNullable<T>] extends [number]
  ? NumberColumn
  : [NonNullable<T>] extends [string]
    ? StringColumn<Extract<T, string>>
    : [NonNullable<T>] extends [boolean]
      ? BooleanColumn
      : [NonNullable<T>] extends [Date]
        ? DateColumn
        : Column;

type Name<C> = keyof C & string;
type CellOf<T> = T extends Cell ? T : T extends undefined ? null : never;
type Derived<C, D extends Record<string, (row: C) => Cell>> = Omit<C, keyof D> & { [K in keyof D]: ReturnType<D[K]> };

/**
 * A table with named, typed columns. It never changes: each method gives a new frame that shares what it can.
 *
 * @example
 * const frame = Frame.from([{ species: "Gentoo", mass: 5000 }, { species: "Adelie", mass: null }]);
 * frame.dropMissing().column("mass").values; // Float64Array [5000]
 */
export class Frame<out C extends Columns = Columns> implements Iterable<C> {
  readonly nRows: number;
  readonly part?: Part;

  private constructor(
    private readonly columns: ReadonlyMap<string, Column>,
    part: Part | undefined,
  ) {
    this.nRows = columns.values().next().value?.length ?? 0;
    for (const [name, column] of columns) {
      if (column.length === this.nRows) continue;
      throw new ShapeError(
        `Frame: column ${show(name)} has ${column.length} rows where the first column has ${this.nRows}.`,
      );
    }
    if (part !== undefined) this.part = part;
  }

  /** @param rows - Objects; a key that a row lacks is missing there, like null, undefined and `NaN`. */
  static from<Row extends object>(rows: readonly Row[]): Frame<{ [K in Name<Row>]: CellOf<Row[K]> }> {
    const names = new Set<string>();
    for (const row of rows) for (const name in row) names.add(name);
    return Frame.fromColumns(
      Object.fromEntries([...names].map((name) => [name, rows.map((row) => (row as Record<string, Cell>)[name])])),
    ) as never;
  }

  /** @param columns - Arrays of one length; a Float64Array is used as it is and not copied. */
  static fromColumns<S extends { readonly [name: string]: ColumnSource }>(
    columns: S,
  ): Frame<{
    [K in Name<S>]: S[K] extends Column<infer T> ? T | null : S[K] extends ArrayLike<infer T> ? CellOf<T> : never;
  }> {
    return new Frame(
      new Map(Object.entries(columns).map(([name, cells]) => [name, buildColumn(name, cells)])),
      undefined,
    );
  }

  get names(): string[] {
    return [...this.columns.keys()];
  }

  get nColumns(): number {
    return this.columns.size;
  }

  /** @throws DataError if there is no such column, with the nearest names. */
  column<K extends Name<C>>(name: K): ColumnOf<C[K]> {
    return this.find("column", name) as Column as ColumnOf<C[K]>;
  }

  /** Only these columns, in this order. */
  select<K extends Name<C>>(...names: readonly K[]): SamePart<this, Frame<Pick<C, K>>> {
    return this.withColumns(names.map((name) => [name, this.find("select", name)]));
  }

  /** All but these columns. */
  drop<K extends Name<C>>(...names: readonly K[]): SamePart<this, Frame<Omit<C, K>>> {
    for (const name of names) this.find("drop", name);
    return this.withColumns([...this.columns].filter(([name]) => !names.includes(name as K)));
  }

  /** The rows that `keep` says true to. */
  filter(keep: (row: C, index: number) => boolean): this {
    const view = rowViews<C>(this.columns);
    return this.takeRows(rowsWhere(this.nRows, (row) => keep(view(row), row)));
  }

  /** The rows at `indices`, in that order; an index may come twice. */
  take(indices: ArrayLike<number>): this {
    for (let i = 0; i < indices.length; i++) {
      const row = indices[i]!;
      if (Number.isInteger(row) && row >= 0 && row < this.nRows) continue;
      throw new ShapeError(`Frame.take: index ${i} is ${show(row)}, but the frame has rows 0 to ${this.nRows - 1}.`);
    }
    return this.takeRows(indices);
  }

  /** The first `n` rows, or all of them if there are fewer. */
  head(n = 5): this {
    checkNumber("Frame.head", "n", n, { integer: true, atLeast: 0 });
    return this.takeRows(Array.from({ length: Math.min(n, this.nRows) }, (_, row) => row));
  }

  /**
   * Adds columns computed row by row; a name that exists is replaced.
   *
   * @example
   * frame.derive({ ratio: (row) => row.length / row.depth });
   */
  derive<D extends Record<string, (row: C) => Cell>>(definitions: D): SamePart<this, Frame<Derived<C, D>>> {
    const view = rowViews<C>(this.columns);
    const added = Object.entries(definitions).map(([name, cell]): [string, Column] => {
      const cells: Cell[] = new Array(this.nRows);
      for (let row = 0; row < this.nRows; row++) cells[row] = cell(view(row));
      return [name, buildColumn(name, cells)];
    });
    return this.withColumns([...this.columns, ...added]);
  }

  /** Rows by the values of one column; equal ones keep their order, missing ones come last. */
  sort(name: Name<C>, order: "ascending" | "descending" = "ascending"): this {
    const keys = this.find("sort", name).sortKeys();
    const sign = checkOneOf("Frame.sort", "order", order, ["ascending", "descending"]) === "ascending" ? 1 : -1;
    const rows = rowsWhere(this.nRows, () => true).sort((a, b) => {
      const difference = keys[a]! - keys[b]!;
      return Number.isNaN(difference)
        ? Number(Number.isNaN(keys[a])) - Number(Number.isNaN(keys[b]))
        : sign * difference;
    });
    return this.takeRows(rows);
  }

  /** How many values are missing, column by column. */
  missing(): { readonly [K in Name<C>]: number } {
    const counts = [...this.columns].map(([name, column]) => [name, column.nMissing]);
    return Object.fromEntries(counts);
  }

  /** The rows without a missing value in the named columns. @param names - Default: all columns. */
  dropMissing<K extends Name<C> = Name<C>>(
    ...names: readonly K[]
  ): SamePart<this, Frame<{ [P in keyof C]: P extends K ? NonNullable<C[P]> : C[P] }>> {
    const chosen = names.length > 0 ? names : this.names;
    const columns = chosen.map((name) => this.find("dropMissing", name));
    return this.takeRows(rowsWhere(this.nRows, (row) => columns.every((column) => !column.isMissing(row)))) as never;
  }

  /** The rows of this frame and below them those of `other`, which has the same columns. */
  concat(other: Frame<C>): Frame<C> {
    for (const name of other.names) this.find("concat", name);
    const columns = [...this.columns].map(([name, column]): [string, Column] => [
      name,
      concatColumns(name, column, other.find("concat", name)),
    ]);
    return new Frame(new Map(columns), undefined);
  }

  /** A row of statistics for each column; the quartiles interpolate linearly and `std` divides by n - 1, as in pandas. */
  describe(): Frame<Description> {
    return Frame.from(describeColumns(this.columns));
  }

  /** How often each value of a column occurs, most frequent first, and its share of the rows that have one. */
  valueCounts<K extends Name<C>>(name: K): Frame<ValueCount<NonNullable<C[K]>>> {
    return Frame.from(valueCounts(this.find("valueCounts", name))) as never;
  }

  /**
   * Numbers and booleans (as 1 and 0) as rows of numbers; a missing value becomes `NaN`.
   * @param names - Default: all columns.
   * @throws DataError if a column holds text or dates.
   */
  toMatrix(...names: readonly Name<C>[]): SamePart<this, Matrix> {
    const chosen = names.length > 0 ? names : this.names;
    const data = new Float64Array(this.nRows * chosen.length);
    chosen.forEach((name, place) => {
      const column = this.find("toMatrix", name);
      if (column.kind === "string" || column.kind === "date") {
        throw new DataError(
          `Frame.toMatrix: column ${show(name)} holds ${column.kind}s. Encode it first (OneHotEncoder), or drop it.`,
        );
      }
      const values = column.sortKeys();
      for (let row = 0, i = place; row < values.length; row++, i += chosen.length) data[i] = values[row]!;
    });
    return new Matrix(data, this.nRows, chosen.length, { names: [...chosen], part: this.part }) as never;
  }

  /** Each row as a plain object. */
  toRows(): C[] {
    return [...this];
  }

  *[Symbol.iterator](): IterableIterator<C> {
    for (let row = 0; row < this.nRows; row++) {
      const cells: Record<string, Cell> = {};
      for (const [name, column] of this.columns) cells[name] = column.at(row);
      yield cells as C;
    }
  }

  /** The same rows, marked as a part of a split; called by `split`. */
  asPart<P extends Part>(part: P): this & { readonly part: P } {
    return new Frame<C>(this.columns, part) as never;
  }

  [displaySymbol](): MimeBundle {
    return frameBundle(this.columns, this.nRows, this.part);
  }

  /** What `console.log` prints. */
  [inspect.custom](): unknown {
    return this[displaySymbol]()["text/plain"];
  }

  private find(method: string, name: string): Column {
    const column = this.columns.get(name);
    if (column !== undefined) return column;
    throw unknownColumn(`Frame.${method}`, name, this.names);
  }

  private takeRows(rows: ArrayLike<number>): this {
    return this.withColumns([...this.columns].map(([name, column]) => [name, column.take(rows)])) as never;
  }

  private withColumns<Result>(columns: readonly (readonly [string, Column])[]): SamePart<this, Result> {
    return new Frame(new Map(columns), this.part) as never;
  }
}

function rowsWhere(nRows: number, keep: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(nRows);
  let count = 0;
  for (let row = 0; row < nRows; row++) if (keep(row)) rows[count++] = row;
  return rows.subarray(0, count);
}
