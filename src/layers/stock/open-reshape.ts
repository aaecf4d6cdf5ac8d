// `targetShape: [8, -1]`: TensorFlow.js leaves the open size open, because the axis of the batch is one that it does not know
// either, so that no dense layer can follow.
import { tf } from "../../engine/tf.js";
import { product } from "./misfit.js";

interface Reshape {
  readonly targetShape: tf.Shape;
  computeOutputShape(inputShape: tf.Shape): tf.Shape;
}

const prototype = Object.getPrototypeOf(tf.layers.reshape({ targetShape: [1] })) as Reshape;

prototype.computeOutputShape = function (this: Reshape, inputShape) {
  const values = product(inputShape.slice(1));
  const known = product(this.targetShape.filter((size) => size !== null));
  const open = Number.isNaN(values) ? null : values / known;
  return [inputShape[0]!, ...this.targetShape.map((size) => size ?? open)];
};
