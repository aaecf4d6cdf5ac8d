// Recurrent layers with a mask, as in Keras: until the first step that counts they give 0, and then what they gave last.
// TensorFlow.js gives the state that they started with, and takes no mask of videos.
import { tf } from "../../engine/tf.js";
import { type CallArguments, only } from "../own-layer.js";

interface Recurrent {
  readonly returnSequences: boolean;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
  call(inputs: tf.Tensor | tf.Tensor[], kwargs: RecurrentArguments): tf.Tensor | tf.Tensor[];
}

interface RecurrentArguments extends CallArguments {
  readonly initialState?: tf.Tensor[] | null;
}

const prototype = tf.RNN.prototype as unknown as Recurrent;
const { call } = prototype;

prototype.call = function (this: Recurrent, inputs, kwargs) {
  const mask = kwargs?.mask && only(kwargs.mask);
  if (!mask) return call.call(this, inputs, kwargs);
  return tf.tidy(() => {
    const { rank } = only(inputs);
    const [n, steps] = mask.shape as [number, number];
    const places = Array.from({ length: rank - 3 }, () => 1);
    const perStep = tf.reshape(tf.cast(mask, "float32"), [n, steps, ...places]);
    const outputs = call.call(this, inputs, { ...kwargs, mask: perStep });
    if (!kwargs.initialState && !this.stateful) return outputs;
    const [first, ...states] = [outputs].flat() as [tf.Tensor, ...tf.Tensor[]];
    const counts = tf.expandDims(perStep, -1);
    const inOrder = this.goBackwards ? tf.reverse(counts, 1) : counts;
    const begun = this.returnSequences ? tf.minimum(tf.cumsum(inOrder, 1), 1) : tf.max(counts, 1);
    const output = tf.mul(first, begun);
    return Array.isArray(outputs) ? [output, ...states] : output;
  });
};
