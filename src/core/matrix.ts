import { inspect } from "node:util";
import { show } from "./check.js";
import { ShapeError } from "./errors.js";
import type { Part } from "./part.js";
import { htmlTable, textTable } from "./table.js";

export interface MatrixLabels {
  /** One name a column. @default "x0", "x1", ... */
  readonly names?: readonly string[] | undefined;
  /** The part of a split that the rows belong to. @default none */
  readonly part?: Part | undefined;
}

/**
 * Numbers in rows and columns, shape `(nRows, nColumns)`; `data` holds row after row, a missing value is `NaN`.
 *
 * @example
 * const x = Matrix.from([[1, 2], [3, 4]]);
 * x.row(1); // Float64Array [3, 4]
 */
export class Matrix {
  readonly names: readonly string[];
  readonly part?: Part;

  /** @param data - Length `nRows * nColumns`, used as it is and not copied. */
  constructor(
    readonly data: Float32Array | Float64Array,
    readonly nRows: number,
    readonly nColumns: number,
    labels: MatrixLabels = {},
  ) {
    if (data.length !== nRows * nColumns) {
      throw new ShapeError(
        `Matrix: expected ${nRows} x ${nColumns} = ${nRows * nColumns} numbers in data, got ${data.length}.`,
      );
    }
    this.names = labels.names ?? Array.from({ length: nColumns }, (_, column) => `x${column}`);
    if (this.names.length !== nColumns) {
      throw new ShapeError(`Matrix: expected a name for each of ${nColumns} columns, got ${this.names.length} names.`);
    }
    if (labels.part !== undefined) this.part = labels.part;
  }

  /** @param rows - All of one length. */
  static from(rows: readonly ArrayLike<number>[], names?: readonly string[]): Matrix {
    const nColumns = rows[0]?.length ?? names?.length ?? 0;
    const data = new Float64Array(rows.length * nColumns);
    rows.forEach((row, i) => {
      if (row.length !== nColumns) {
        throw new ShapeError(`Matrix.from: row ${i} has ${row.length} numbers where row 0 has ${nColumns}.`);
      }
      data.set(row, i * nColumns);
    });
    return new Matrix(data, rows.length, nColumns, { names });
  }

  /** Row `i` as a view: writing to it writes to the matrix. */
  row(i: number): Float32Array | Float64Array {
    this.checkRow("Matrix.row", i);
    return this.data.subarray(i * this.nColumns, (i + 1) * this.nColumns);
  }

  /** The rows at `indices`, in that order; an index may come twice. */
  take(indices: ArrayLike<number>): this {
    const { nColumns } = this;
    const data = this.allocate(indices.length * nColumns);
    for (let i = 0; i < indices.length; i++) {
      const start = this.checkRow("Matrix.take", indices[i]!) * nColumns;
      for (let column = 0; column < nColumns; column++) data[i * nColumns + column] = this.data[start + column]!;
    }
    return new Matrix(data, indices.length, nColumns, this) as this;
  }

  /** A matrix of the same shape and names, each number replaced by what `change` makes of it. */
  map(change: (value: number, column: number) => number): this {
    const { nColumns } = this;
    const data = this.allocate(this.data.length);
    for (let i = 0, column = 0; i < data.length; i++) {
      data[i] = change(this.data[i]!, column);
      if (++column === nColumns) column = 0;
    }
    return new Matrix(data, this.nRows, nColumns, this) as this;
  }

  /** Each row as an array of its own. */
  toRows(): number[][] {
    return Array.from({ length: this.nRows }, (_, i) => Array.from(this.row(i)));
  }

  [Symbol.for("Jupyter.display")](): Readonly<Record<string, unknown>> {
    return this.bundle();
  }

  /** What `console.log` prints. */
  [inspect.custom](): unknown {
    return this.bundle()["text/plain"];
  }

  private bundle(): Readonly<Record<string, unknown>> {
    const rows = Array.from({ length: Math.min(this.nRows, 8) }, (_, i) => Array.from(this.row(i).subarray(0, 20)));
    const names = this.names.slice(0, 20);
    const part = this.part === undefined ? "" : `, ${this.part} part`;
    const title = `Matrix ${this.nRows} x ${this.nColumns}${part}`;
    return {
      "text/plain": `${title}\n${textTable(names, rows)}`,
      "text/html": `<div><div style="opacity:0.7">${title}</div>${htmlTable(names, rows)}</div>`,
    };
  }

  private allocate(length: number): Float32Array | Float64Array {
    return this.data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
  }

  private checkRow(where: string, i: number): number {
    if (Number.isInteger(i) && i >= 0 && i < this.nRows) return i;
    const range = this.nRows === 0 ? "the matrix has no rows" : `a row index is an integer from 0 to ${this.nRows - 1}`;
    throw new ShapeError(`${where}: ${range}, got ${show(i)}.`);
  }
}
