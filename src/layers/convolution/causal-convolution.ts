// `padding: "causal"`, which TensorFlow.js offers for conv1d and then has not implemented: rows of zeros before the first, so
// that no output sees what comes later.
import { tf } from "../../engine/tf.js";

interface Conv1d {
  padding: string;
  readonly kernelSize: readonly [number];
  readonly dilationRate: number | readonly number[];
  call(inputs: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor | tf.Tensor[];
  computeOutputShape(inputShape: tf.Shape): tf.Shape;
}

const prototype = Object.getPrototypeOf(tf.layers.conv1d({ filters: 1, kernelSize: 1 })) as Conv1d;
const { call, computeOutputShape } = prototype;

function withPadding<T>(layer: Conv1d, padding: string, work: () => T): T {
  const own = layer.padding;
  layer.padding = padding;
  try {
    return work();
  } finally {
    layer.padding = own;
  }
}

prototype.call = function (this: Conv1d, inputs, kwargs) {
  if (this.padding !== "causal") return call.call(this, inputs, kwargs);
  return tf.tidy(() => {
    const x = [inputs].flat()[0] as tf.Tensor3D;
    const rows = (this.kernelSize[0] - 1) * [this.dilationRate].flat()[0]!;
    const padded = tf.pad(x, [
      [0, 0],
      [rows, 0],
      [0, 0],
    ]);
    return withPadding(this, "valid", () => call.call(this, [padded], kwargs));
  });
};

prototype.computeOutputShape = function (this: Conv1d, inputShape) {
  const padding = this.padding === "causal" ? "same" : this.padding;
  return withPadding(this, padding, () => computeOutputShape.call(this, inputShape));
};
