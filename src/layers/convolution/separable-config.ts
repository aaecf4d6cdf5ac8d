// TensorFlow.js leaves the depth multiplier out of what it saves of a separable convolution, which then cannot be loaded.
import type { tf } from "../../engine/tf.js";
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
