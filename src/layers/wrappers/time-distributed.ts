// The layer inside gets the mask of its step, as in Keras: TensorFlow.js hands it that of all steps.
import { tf } from "../../engine/tf.js";
import { type CallArguments, only } from "../own-layer.js";

interface TimeDistributed {
  readonly layer: tf.layers.Layer;
  call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArguments): tf.Tensor;
}

const inner = tf.layers.dense({ units: 1, name: "inner" });
const prototype: TimeDistributed = Object.getPrototypeOf(tf.layers.timeDistributed({ layer: inner, name: "any" }));

prototype.call = function (this: TimeDistributed, inputs, kwargs) {
  return tf.tidy(() => {
    const masks = kwargs.mask ? tf.unstack(only(kwargs.mask), 1) : null;
    const outputs = tf.unstack(only(inputs), 1).map((step, i) => {
      return only(this.layer.call(step, masks === null ? kwargs : { ...kwargs, mask: masks[i]! }));
    });
    return tf.stack(outputs, 1);
  });
};
