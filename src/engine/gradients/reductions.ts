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
