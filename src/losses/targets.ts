import { ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";

export function shapeText(shape: readonly number[]): string {
  return `(${shape.join(", ")})`;
}

/** Outputs with a last axis: a plain list of numbers is one column. */
export function columnsOf(yPred: tf.Tensor): tf.Tensor {
  return yPred.rank > 1 ? yPred : tf.reshape(yPred, [yPred.size, 1]);
}

/**
 * Targets in the shape of `yPred`, as float32.
 * @throws ShapeError unless they have it already, up to axes of size 1.
 */
export function numbersFor(where: string, yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const floats = asFloats(yTrue);
  if (tf.util.arraysEqual(yTrue.shape, yPred.shape)) return floats;
  if (tf.util.arraysEqual(long(yTrue.shape), long(yPred.shape))) return tf.reshape(floats, yPred.shape);
  throw new ShapeError(
    `${where}: yTrue must have the shape of yPred, ${shapeText(yPred.shape)}, got ${shapeText(yTrue.shape)}.`,
  );
}

export interface ClassTargets {
  /** The share of each class, in the shape of `yPred`. */
  readonly shares: tf.Tensor;
  /** The labels that they came from, if they did. */
  readonly labels: tf.Tensor | null;
}

/**
 * The share of each class, from labels 0, 1, ... or from shares; labels outside the classes have no share at all.
 * @param smoothing - This part of each target goes to all classes alike.
 * @throws ShapeError if `yTrue` is neither.
 */
export function classesFor(where: string, yTrue: tf.Tensor, yPred: tf.Tensor, smoothing = 0): ClassTargets {
  const { shape, rank } = yPred;
  const nClasses = shape.at(-1)!;
  if (rank < 2 || nClasses < 2) {
    throw new ShapeError(
      `${where}: yPred must have an output for each of two or more classes, got ${shapeText(shape)}.`,
    );
  }
  const rows = shape.slice(0, -1);
  const off = smoothing / nClasses;
  if (tf.util.arraysEqual(yTrue.shape, shape)) {
    const shares = asFloats(yTrue);
    return { shares: smoothing === 0 ? shares : tf.add(tf.mul(shares, 1 - smoothing), off), labels: null };
  }
  if (tf.util.arraysEqual(yTrue.shape, rows) || tf.util.arraysEqual(yTrue.shape, [...rows, 1])) {
    const whole = yTrue.dtype === "int32" ? yTrue : tf.cast(yTrue, "int32");
    const labels = yTrue.rank === rows.length ? whole : tf.reshape(whole, rows);
    const truth = oneHot(labels, nClasses);
    return { shares: smoothing === 0 ? truth : tf.add(tf.mul(truth, 1 - smoothing), off), labels };
  }
  throw new ShapeError(
    `${where}: yTrue must be labels ${shapeText(rows)} or shares of the classes ${shapeText(shape)}, got ${shapeText(yTrue.shape)}.`,
  );
}

/** Rows of one 1, as float32; a label outside the classes has none. */
export function oneHot(labels: tf.Tensor, nClasses: number): tf.Tensor {
  // The wasm kernel writes whole numbers whatever the type.
  return tf.cast(tf.oneHot(labels, nClasses), "float32");
}

/**
 * Whether two rows have the same number, shape `(nSamples, nSamples)`.
 * @throws ShapeError unless there is one number for each row of `yPred`, which has rank 2.
 */
export function sameGroup(where: string, yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const nRows = yPred.shape[0]!;
  if (yPred.rank !== 2) {
    throw new ShapeError(
      `${where}: yPred must be one vector for each row, (n, nOutputs), got ${shapeText(yPred.shape)}.`,
    );
  }
  if (yTrue.size !== nRows) {
    throw new ShapeError(`${where}: yTrue must be one number for each row, (${nRows}), got ${shapeText(yTrue.shape)}.`);
  }
  return tf.equal(tf.reshape(yTrue, [nRows, 1]), tf.reshape(yTrue, [1, nRows]));
}

function asFloats(x: tf.Tensor): tf.Tensor {
  return x.dtype === "float32" ? x : tf.cast(x, "float32");
}

function long(shape: readonly number[]): number[] {
  return shape.filter((size) => size !== 1);
}
