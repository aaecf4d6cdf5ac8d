// Layer normalisation of any rank, also without `scale` or `center`: TensorFlow.js computes it as batch normalisation, whose
// gradients want both and which stops at rows of three axes.
import { tf } from "../../engine/tf.js";
import { only } from "../own-layer.js";
import { broadcastShape } from "./axes.js";
import { standardised } from "./standardised.js";

interface LayerNormalization extends tf.layers.Layer {
  readonly axis: readonly number[];
  readonly epsilon: number;
  readonly gamma: { read(): tf.Tensor } | null;
  readonly beta: { read(): tf.Tensor } | null;
}

const prototype = Object.getPrototypeOf(tf.layers.layerNormalization()) as LayerNormalization;

prototype.call = function (this: LayerNormalization, inputs) {
  return tf.tidy(() => {
    const x = only(inputs);
    const shape = broadcastShape(x.shape, this.axis);
    const normed = standardised(x, this.axis, this.epsilon);
    const scaled = this.gamma ? tf.mul(normed, tf.reshape(this.gamma.read(), shape)) : normed;
    return this.beta ? tf.add(scaled, tf.reshape(this.beta.read(), shape)) : scaled;
  });
};
