// TensorFlow.js leaves the depth multiplier out of what it saves of a separable convolution, which then cannot be loaded, and
// starts one that is loaded by the initializer of the wrong kernel.
import { tf } from "../../engine/tf.js";
import { separableConv2d } from "../initializers/separable-convolution.js";
import { register } from "../own-layer.js";
import { Separable } from "./stock-convolution.js";

interface WithMultiplier {
  readonly depthMultiplier: number;
  getConfig(): tf.serialization.ConfigDict;
}

const prototype = Separable.prototype as unknown as WithMultiplier;
const { getConfig } = prototype;

prototype.getConfig = function (this: WithMultiplier) {
  return { ...getConfig.call(this), depthMultiplier: this.depthMultiplier };
};

type Separable2d = tf.serialization.SerializableConstructor<tf.serialization.Serializable>;
const SeparableConv2D = tf.layers.separableConv2d({ filters: 1, kernelSize: 1 }).constructor as Separable2d;
SeparableConv2D.fromConfig = ((_, config) => separableConv2d(config as never)) as Separable2d["fromConfig"];
register(SeparableConv2D);
