import { setGradient } from "./gradient.js";

import tf = require("../parts.cjs");

// Each value that was summed gets the whole gradient; TensorFlow.js multiplies it with a tensor of ones of that size.
for (const kernelName of ["Sum", "Mean"] as const) {
  setGradient(kernelName, { inputs: ["x"] }, (dy, [x], attrs) => ({
    x: () => {
      const { axis } = attrs as tf.SumAttrs;
      const axes = tf.util.parseAxisParam(axis, x!.shape);
      const kept = tf.backend_util.expandShapeToKeepDim(
        x!.shape.filter((_, i) => !axes.includes(i)),
        axes,
      );
      const count = axes.reduce((product, i) => product * x!.shape[i]!, 1);
      const share = kernelName === "Mean" ? tf.div(dy, count) : dy;
      return tf.broadcastTo(tf.reshape(share, kept), x!.shape);
    },
  }));
}

// Values that are the largest together share the gradient, as in Keras and PyTorch; TensorFlow.js gives the whole to each.
for (const kernelName of ["Max", "Min"] as const) {
  setGradient(kernelName, { inputs: ["x"], output: true }, (dy, [x, y], attrs) => ({
    x: () => {
      const { reductionIndices, axis } = attrs as Partial<tf.MaxAttrs & tf.MinAttrs>;
      const axes = tf.util.parseAxisParam((reductionIndices ?? axis)!, x!.shape);
      const kept = x!.shape.map((size, i) => (axes.includes(i) ? 1 : size));
      const isOne = tf.cast(tf.equal(x!, tf.reshape(y!, kept)), "float32");
      return tf.mul(isOne, tf.div(tf.reshape(dy, kept), tf.sum(isOne, axes, true)));
    },
  }));
}
