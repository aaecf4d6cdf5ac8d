// TensorFlow.js saves the regularizer of a depthwise convolution as its constraint, too.
import { tf } from "../../engine/tf.js";

interface Depthwise {
  readonly depthwiseConstraint: tf.serialization.Serializable | null;
  getConfig(): tf.serialization.ConfigDict;
}

const prototype = Object.getPrototypeOf(tf.layers.depthwiseConv2d({ kernelSize: 1 })) as Depthwise;
const { getConfig } = prototype;

prototype.getConfig = function (this: Depthwise) {
  const { depthwiseConstraint: own } = this;
  const depthwiseConstraint = own && { className: own.getClassName(), config: own.getConfig() };
  return { ...getConfig.call(this), depthwiseConstraint };
};
