import { show } from "../core/check.js";
import { DataError } from "../core/errors.js";
import { buildColumn } from "./build-column.js";
import { Column } from "./column.js";

/** What a class can be called. */
export type Label = string | number | boolean;

/** The labels of some rows: a column of a frame, or an array. */
export type Labels<T extends Label = Label> = Column<T> | ArrayLike<T>;

/** The labels as a column. @throws DataError if `y` is something else, or a label is missing. */
export function labelColumn(where: string, name: string, y: Labels): Column {
  if (!(y instanceof Column) && (y === null || typeof y !== "object" || typeof y.length !== "number")) {
    throw new DataError(`${where}: expected ${name} to be a column or an array of labels, got ${show(y)}.`);
  }
  const column = y instanceof Column ? y : buildColumn(name, y);
  for (let row = 0; row < column.length; row++) {
    if (!column.isMissing(row)) continue;
    throw new DataError(
      `${where}: the label in row ${row} of ${name} is missing. Drop such rows first: frame.dropMissing(target).`,
    );
  }
  return column;
}
