import { checkColumns, show } from "../core/check.js";
import { DataError, ShapeError } from "../core/errors.js";
import { Matrix } from "../core/matrix.js";
import { type Column, NumberColumn } from "../data/column.js";
import { Frame } from "../data/frame.js";
import { unknownColumn } from "../data/unknown-column.js";
import type { Features } from "./transformer.js";

/** `x` if it may be learned from: rows of features, at least one, none of them held out. */
export function checkLearnable(where: string, x: unknown): Features {
  const features = checkFeatures(where, x);
  if (features.part === "validation" || features.part === "test") {
    throw new DataError(
      `${where}: expected train rows, got the ${features.part} part. Fit on the train part and transform the others with it.`,
    );
  }
  if (features.nRows === 0) throw new ShapeError(`${where}: expected at least 1 row, got 0.`);
  return features;
}

/**
 * The numbers of `x`; of a frame, the columns named in `fitted`, in that order.
 * @param fitted - The columns of `fit`; while fitting, those of `x` itself.
 */
export function numbersOf(where: string, x: unknown, fitted: readonly string[]): Matrix {
  const features = checkFeatures(where, x);
  if (features instanceof Matrix) {
    checkColumns(where, features.nColumns, fitted.length);
    return features;
  }
  for (const [name, column] of columnsOf(where, features, fitted)) {
    if (column.kind === "number" || column.kind === "boolean") continue;
    throw new DataError(
      `${where}: column ${show(name)} holds ${column.kind}s, not numbers. Select other columns, or use a ColumnTransformer.`,
    );
  }
  return features.toMatrix(...fitted) as Matrix;
}

/** The columns of `x` by name, those of `fitted` in that order. */
export function columnsOf(where: string, x: unknown, fitted: readonly string[]): [string, Column][] {
  const features = checkFeatures(where, x);
  if (features instanceof Matrix) {
    checkColumns(where, features.nColumns, fitted.length);
    return fitted.map((name, place) => [name, columnOfMatrix(features, place)]);
  }
  for (const name of fitted) {
    if (features.names.includes(name)) continue;
    throw unknownColumn(where, name, features.names);
  }
  const extra = features.names.find((name) => !fitted.includes(name));
  if (extra !== undefined) {
    throw new DataError(`${where}: column ${show(extra)} was not there in fit. Select the columns of fit first.`);
  }
  return fitted.map((name) => [name, features.column(name) as Column]);
}

function checkFeatures(where: string, x: unknown): Features {
  if (x instanceof Frame || x instanceof Matrix) return x;
  throw new DataError(
    `${where}: expected a Frame or a Matrix, got ${show(x)}. Make one with Frame.from(rows) or Matrix.from(rows).`,
  );
}

function columnOfMatrix({ data, nRows, nColumns }: Matrix, place: number): NumberColumn {
  const values = new Float64Array(nRows);
  for (let row = 0, i = place; row < nRows; row++, i += nColumns) values[row] = data[i]!;
  return new NumberColumn(values);
}
