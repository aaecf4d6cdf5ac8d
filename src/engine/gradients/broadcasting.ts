import { setGradient, sumTo } from "./gradient.js";

import tf = require("../parts.cjs");

// TensorFlow.js forgets here that an operand may have been broadcast, and stops at a gradient of the wrong shape.
const maskBy = (dy: tf.Tensor, mask: tf.Tensor) => tf.mul(dy, tf.cast(mask, "float32"));

setGradient("Maximum", { inputs: ["a", "b"] }, (dy, [a, b]) => ({
  a: () => sumTo(maskBy(dy, tf.greaterEqual(a!, b!)), a!.shape),
  b: () => sumTo(maskBy(dy, tf.less(a!, b!)), b!.shape),
}));
setGradient("Minimum", { inputs: ["a", "b"] }, (dy, [a, b]) => ({
  a: () => sumTo(maskBy(dy, tf.lessEqual(a!, b!)), a!.shape),
  b: () => sumTo(maskBy(dy, tf.greater(a!, b!)), b!.shape),
}));
setGradient("SquaredDifference", { inputs: ["a", "b"] }, (dy, [a, b]) => {
  // The factor first: dy is often one number a channel, spread over the batch.
  const slope = () => tf.mul(tf.mul(dy, 2), tf.sub(a!, b!));
  return { a: () => sumTo(slope(), a!.shape), b: () => sumTo(tf.neg(slope()), b!.shape) };
});
