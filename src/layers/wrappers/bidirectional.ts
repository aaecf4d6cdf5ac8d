// Steps that are masked are 0 in what a bidirectional layer returns, as in Keras: TensorFlow.js repeats there what each
// direction gave last.
import { tf } from "../../engine/tf.js";
import { type CallArguments, only, register } from "../own-layer.js";

interface Bidirectional {
  readonly mergeMode: "concat" | "sum" | "ave" | "mul" | null;
  readonly returnSequences: boolean;
  call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArguments): tf.Tensor | tf.Tensor[];
}

const layer = tf.layers.simpleRNN({ units: 1, name: "inner" }) as Parameters<
  typeof tf.layers.bidirectional
>[0]["layer"];
const example = tf.layers.bidirectional({ layer, mergeMode: "concat", name: "example" });
const prototype: Bidirectional = Object.getPrototypeOf(example);
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

// One that is loaded stays frozen, which its constructor forgets.
type LayerClass = tf.serialization.SerializableConstructor<tf.serialization.Serializable>;
const layerClass = example.constructor as unknown as LayerClass;
const { fromConfig } = layerClass;
layerClass.fromConfig = (cls, config) => {
  const { trainable } = config;
  const loaded = fromConfig(cls, config);
  return trainable === false ? Object.assign(loaded, { trainable }) : loaded;
};
register(layerClass);
