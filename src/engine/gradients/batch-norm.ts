import { setGradient, sumTo } from "./gradient.js";

import tf = require("../parts.cjs");

// y = (x - mean) * scale / sqrt(variance + epsilon) + offset, where all but x may be broadcast. TensorFlow.js spreads the
// statistics over the whole batch first (half the time of a convolutional step) and knows vectors only.
setGradient(
  "FusedBatchNorm",
  { inputs: ["x", "mean", "variance", "scale"] },
  (dy, [x, mean, variance, scale], attrs) => {
    const { varianceEpsilon } = attrs as tf.FusedBatchNormAttrs;
    // Each gradient is asked for in a scope of its own, so what they share is computed here.
    const inverse = tf.rsqrt(tf.add(variance!, varianceEpsilon));
    const slope = scale ? tf.mul(scale, inverse) : inverse;
    const sum = sumTo(dy, mean!.shape);
    const sumOfProducts = sumTo(tf.mul(dy, tf.sub(x!, mean!)), mean!.shape);
    return {
      x: () => tf.mul(dy, slope),
      mean: () => tf.neg(tf.mul(slope, sum)),
      variance: () => tf.mul(tf.mul(tf.mul(-0.5, slope), tf.square(inverse)), sumOfProducts),
      scale: () => tf.mul(inverse, sumOfProducts),
      offset: () => tf.clone(sum),
    };
  },
);
