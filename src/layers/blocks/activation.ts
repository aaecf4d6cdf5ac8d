import { checkOneOf } from "../../core/check.js";
import { tf } from "../../engine/tf.js";

const activations = ["relu", "relu6", "elu", "selu", "gelu", "swish", "tanh", "sigmoid", "linear"] as const;

/** Of the layers in a block; "linear" for none. */
export type BlockActivation = (typeof activations)[number];

export function checkActivation(where: string, activation: BlockActivation): BlockActivation {
  return checkOneOf(where, "activation", activation, activations);
}

/** `x` through an activation, without a layer for "linear". */
export function activated(x: tf.SymbolicTensor, activation: BlockActivation, name: string): tf.SymbolicTensor {
  return activation === "linear" ? x : applied(tf.layers.activation({ activation, name }), x);
}

/** Whether it lets about half of its inputs through. */
export function isRectifier(activation: BlockActivation): boolean {
  return activation !== "tanh" && activation !== "sigmoid" && activation !== "linear";
}

/** `layer` on one input or several, with the type that it has when these are symbolic. */
export function applied(
  layer: tf.layers.Layer,
  x: tf.SymbolicTensor | readonly tf.SymbolicTensor[],
): tf.SymbolicTensor {
  return layer.apply(x as tf.SymbolicTensor) as tf.SymbolicTensor;
}
