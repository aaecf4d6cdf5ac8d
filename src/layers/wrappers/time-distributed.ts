// The layer inside gets the mask of its step, as in Keras: TensorFlow.js hands it that of all steps. Where it has used up what its
// mask says, as a recurrent layer does with words, a step counts if anything in it does.
import { tf } from "../../engine/tf.js";
import { type CallArguments, only } from "../own-layer.js";

interface TimeDistributed {
  readonly layer: tf.layers.Layer;
  call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArguments): tf.Tensor;
  computeMask(inputs: tf.Tensor | tf.Tensor[], mask?: Mask | (Mask | null | undefined)[] | null): Mask | null;
}

type Mask = tf.Tensor;

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

prototype.computeMask = function (this: TimeDistributed, inputs, mask) {
  const given = (mask && only(mask)) ?? null;
  if (given === null || given.rank === 2) return given;
  return tf.tidy(() => {
    const [step, own] = [only(inputs), given].map((x) => tf.unstack(x, 1)[0]!) as [tf.Tensor, tf.Tensor];
    const isKept = this.layer.supportsMasking && this.layer.computeMask(step, own);
    if (isKept) return given;
    const inside = given.shape.map((_, axis) => axis).slice(2);
    return tf.any(tf.cast(given, "bool"), inside);
  });
};
