import { show } from "../core/check.js";
import { DataError } from "../core/errors.js";
import { BooleanColumn, type Cell, Column, DateColumn, NumberColumn, StringColumn } from "./column.js";

/** What a column can be made of: another column, or values; undefined and `NaN` count as missing, like null. */
export type ColumnSource = Column | ArrayLike<Cell | undefined>;

/**
 * A column with the kind of its first value that is not missing.
 * @throws DataError if a later value is of another kind, naming its row.
 */
export function buildColumn(name: string, cells: ColumnSource): Column {
  if (cells instanceof Column) return cells;
  if (cells instanceof Float64Array) return new NumberColumn(cells);
  if (ArrayBuffer.isView(cells)) return new NumberColumn(Float64Array.from(cells as ArrayLike<number>));
  const kind = kindOfFirst(cells);
  switch (kind) {
    case "string":
      return encodeStrings(name, cells);
    case "boolean":
      return new BooleanColumn(
        Int8Array.from(cells, (cell, row) => (isMissing(cell) ? -1 : expect(name, row, cell, kind) ? 1 : 0)),
      );
    case "date":
      return new DateColumn(
        Float64Array.from(cells, (cell, row) =>
          isMissing(cell) ? Number.NaN : expect(name, row, cell, kind).getTime(),
        ),
      );
    case "number":
      return new NumberColumn(
        Float64Array.from(cells, (cell, row) => (isMissing(cell) ? Number.NaN : expect(name, row, cell, kind))),
      );
    default:
      throw new DataError(
        `Frame: column ${show(name)} starts with ${show(kind.other)}. Columns hold numbers, strings, booleans or dates.`,
      );
  }
}

interface Kinds {
  number: number;
  string: string;
  boolean: boolean;
  date: Date;
}

/** A column without a single value counts as numbers. */
function kindOfFirst(cells: ArrayLike<unknown>): keyof Kinds | { readonly other: unknown } {
  for (let row = 0; row < cells.length; row++) {
    const cell: unknown = cells[row];
    if (!isMissing(cell)) return kindOf(cell) ?? { other: cell };
  }
  return "number";
}

function kindOf(cell: unknown): keyof Kinds | undefined {
  if (cell instanceof Date) return "date";
  if (typeof cell === "number" || typeof cell === "string" || typeof cell === "boolean")
    return typeof cell as keyof Kinds;
  return undefined;
}

function isMissing(cell: unknown): cell is null | undefined {
  return cell === null || cell === undefined || Number.isNaN(cell);
}

function expect<K extends keyof Kinds>(name: string, row: number, cell: unknown, kind: K): Kinds[K] {
  if (kindOf(cell) === kind) return cell as Kinds[K];
  throw new DataError(
    `Frame: column ${show(name)} holds ${kind}s, but row ${row} holds ${show(cell)}. Make them one kind, or null where a value is missing.`,
  );
}

function encodeStrings(name: string, cells: ArrayLike<Cell | undefined>): StringColumn {
  const codes = new Int32Array(cells.length);
  const codeOf = new Map<string, number>();
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row];
    if (isMissing(cell)) {
      codes[row] = -1;
      continue;
    }
    const text = expect(name, row, cell, "string");
    const code = codeOf.get(text) ?? codeOf.size;
    if (code === codeOf.size) codeOf.set(text, code);
    codes[row] = code;
  }
  return new StringColumn(codes, [...codeOf.keys()]);
}
