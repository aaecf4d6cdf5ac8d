import { DataError, ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import type { LayerVariable } from "./model-weights.js";
import type { StoredArray } from "./safetensors.js";

/** A weight of a model and the array that becomes its value. */
export interface Assignment {
  /** How the weight is called in an error. */
  readonly name: string;
  readonly variable: LayerVariable;
  /** How the array is called in the file. */
  readonly source: string;
  readonly array: StoredArray;
}

/** @throws ShapeError at the first array that does not fit its weight. */
export function checkShapes(where: string, path: string, assignments: readonly Assignment[]): void {
  for (const { name, variable, source, array } of assignments) {
    if (String(variable.shape) === String(array.shape) && variable.shape.length === array.shape.length) continue;
    throw new ShapeError(
      `${where}: the weight ${JSON.stringify(name)} has shape [${variable.shape}], and ${JSON.stringify(source)} of ${JSON.stringify(path)} has [${array.shape}].`,
    );
  }
}

/** Sets checked weights, bit for bit: constraints, which a layer's own `setWeights` applies, are left out. */
export function setWeights(assignments: readonly Assignment[]): void {
  for (const { variable, array } of assignments) {
    const value = tf.tensor(numbersFor(variable.dtype, array), [...array.shape], variable.dtype);
    (variable.read() as tf.Variable).assign(value);
    value.dispose();
  }
}

function numbersFor(dtype: tf.DataType, { data }: StoredArray): tf.TypedArray {
  if (dtype === "float32") return data instanceof Float32Array ? data : Float32Array.from(data as never, Number);
  if (dtype === "int32") return data instanceof Int32Array ? data : Int32Array.from(data as never, Number);
  if (dtype === "bool") return data instanceof Uint8Array ? data : Uint8Array.from(data as never, Number);
  throw new DataError(`a weight of type ${dtype} cannot be set from a file`);
}
