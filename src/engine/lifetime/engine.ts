// What every tensor passes: held here, because each access by way of the namespace calls a getter or two.
import tf = require("../parts.cjs");

export const engine = tf.engine();
export const { bytesPerElement } = tf.util;

export function isTensor(value: unknown): value is tf.Tensor {
  return value instanceof Tensor;
}

export function isVariable(tensor: tf.Tensor): tensor is tf.Variable {
  return tensor instanceof Variable;
}

const { Tensor, Variable } = tf;
