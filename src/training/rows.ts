import { Matrix } from "../core/matrix.js";
import { NumberColumn } from "../data/column.js";
import { tf } from "../engine/tf.js";
import type { Numbers } from "./number-block.js";

export type { Numbers };

/** The rows of a model's one input or output, or of each by its name. */
export type Rows = Numbers | Readonly<Record<string, Numbers>>;

export function isNumbers(rows: Rows): rows is Numbers {
  return (
    Array.isArray(rows) ||
    ArrayBuffer.isView(rows) ||
    rows instanceof Matrix ||
    rows instanceof tf.Tensor ||
    rows instanceof NumberColumn
  );
}
