import { tf } from "../engine/tf.js";
import { ofUnitLength } from "./cosine-similarity.js";
import { root } from "./mean-squared-error.js";

export const distanceNames = ["euclidean", "squared", "cosine"] as const;
export type Distance = (typeof distanceNames)[number];

/**
 * The distance of every two rows, shape `(nSamples, nSamples)`. From the differences and not from products of the rows, which
 * lose the digits of small distances.
 */
export function distancesOf(rows: tf.Tensor, distance: Distance): tf.Tensor {
  if (distance === "cosine") {
    const units = ofUnitLength(rows);
    return tf.sub(1, tf.matMul(units, units, false, true));
  }
  const squared = tf.sum(tf.square(tf.sub(tf.expandDims(rows, 1), tf.expandDims(rows, 0))), -1);
  return distance === "squared" ? squared : root(squared);
}

/** 1 for every two different rows, 0 along the diagonal. */
export function notItself(nRows: number): tf.Tensor {
  return tf.sub(1, tf.eye(nRows));
}
