import { show } from "../core/check.js";
import { DataError, ShapeError } from "../core/errors.js";
import { Matrix } from "../core/matrix.js";
import { NumberColumn } from "../data/column.js";
import { tf } from "../engine/tf.js";

/** Numbers in arrays of one depth and length, such as `[[1, 2], [3, 4]]`. */
type NestedNumbers = readonly (number | ArrayLike<number> | NestedNumbers)[];

/** Numbers as `fit`, `evaluate` and `predict` take them; the first dimension counts the rows. */
export type Numbers = Matrix | NumberColumn | tf.Tensor | NestedNumbers | ArrayLike<number>;

/** The numbers of any of those, row after row, with their shape. */
export interface NumberBlock {
  readonly values: ArrayLike<number>;
  readonly shape: readonly number[];
  /** Of the columns of a matrix. */
  readonly names?: readonly string[];
  /** As a tensor. @default "float32" */
  readonly dtype?: "float32" | "int32";
}

/**
 * @param where - Whose numbers these are in an error, like `"fit: train.x"`.
 * @throws DataError if a value is missing, or is no number.
 */
export function numberBlock(where: string, numbers: Numbers): NumberBlock {
  const block = blockOf(where, numbers);
  if (block.shape[0] === 0) throw new DataError(`${where} has no rows.`);
  const missing = firstNotFinite(block.values);
  if (missing < 0) return block;
  const rowSize = block.values.length / block.shape[0]!;
  const column = missing % rowSize;
  const place = block.shape.length === 1 ? "" : `column ${JSON.stringify(block.names?.[column] ?? column)}, `;
  throw new DataError(
    `${where} must hold finite numbers, got ${show(block.values[missing])} in ${place}row ${Math.floor(missing / rowSize)}. Fill or drop such rows first.`,
  );
}

function blockOf(where: string, numbers: Numbers): NumberBlock {
  if (numbers instanceof Matrix) {
    return { values: numbers.data, shape: [numbers.nRows, numbers.nColumns], names: numbers.names };
  }
  if (numbers instanceof tf.Tensor) {
    if (numbers.rank === 0) throw new ShapeError(`${where} must have rows, got a single number.`);
    return { values: numbers.dataSync(), shape: numbers.shape };
  }
  if (numbers instanceof NumberColumn) return { values: numbers.values, shape: [numbers.length] };
  if (ArrayBuffer.isView(numbers)) return { values: numbers as Float64Array, shape: [numbers.length] };
  if (Array.isArray(numbers)) return nestedBlock(where, numbers);
  throw new DataError(`${where} must be a Matrix, a tensor or arrays of numbers, got ${show(numbers)}.`);
}

function nestedBlock(where: string, nested: NestedNumbers): NumberBlock {
  const shape: number[] = [];
  for (let level: unknown = nested; isList(level); level = level[0]) shape.push(level.length);
  const values = new Float64Array(shape.reduce((a, b) => a * b, 1));
  let filled = 0;
  const copy = (list: ArrayLike<unknown>, depth: number): void => {
    if (list.length !== shape[depth]) {
      throw new ShapeError(`${where} must have rows of one length, got ${shape[depth]} and ${list.length}.`);
    }
    for (let i = 0; i < list.length; i++) {
      const item = list[i];
      const isLeaf = depth + 1 === shape.length;
      if (isList(item) && !isLeaf) copy(item, depth + 1);
      else if (typeof item === "number" && isLeaf) values[filled++] = item;
      else throw new DataError(`${where} must hold numbers, got ${show(item)}. Encode other values as numbers first.`);
    }
  };
  copy(nested, 0);
  return { values, shape };
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** As float32, which is what the model computes in. */
function firstNotFinite(values: ArrayLike<number>): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(Math.fround(values[i]!))) return i;
  return -1;
}
