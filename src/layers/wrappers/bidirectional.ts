// Steps that are masked are 0 in what a bidirectional layer returns, as in Keras: TensorFlow.js repeats there what each
// direction gave last.
import { tf } from "../../engine/tf.js";
import { type CallArguments, only } from "../own-layer.js";

interface Bidirectional {
  readonly mergeMode: "concat" | "sum" | "ave" | "mul" | null;
  readonly returnSequences: boolean;
  call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArguments): tf.Tensor | tf.Tensor[];
}

const layer = tf.layers.simpleRNN({ units: 1, name: "inner" }) as Parameters<
  typeof tf.layers.bidirectional
>[0]["layer"];
const prototype: Bidirectional = Object.getPrototypeOf(
  tf.layers.bidirectional({ layer, mergeMode: "concat", name: "example" }),
);
const { call } = prototype;

prototype.call = function (this: Bidirectional, inputs, kwargs) {
  const mask = kwargs.mask && only(kwargs.mask);
  if (!mask || !this.returnSequences) return call.call(this, inputs, kwargs);
  return tf.tidy(() => {
    const outputs = [call.call(this, inputs, kwargs)].flat();
    const nSequences = this.mergeMode === null ? 2 : 1;
    const counts = tf.expandDims(tf.cast(mask, "float32"), -1);
    // The states that may follow are those after the last step that counts.
    return outputs.map((output, i) => (i < nSequences ? tf.mul(output, counts) : output));
  });
};
