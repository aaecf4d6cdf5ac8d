// Batch normalisation that is frozen goes on with the statistics that it has, as in Keras: TensorFlow.js normalises by the batch
// and moves the statistics as long as the model around trains, so that a frozen model is not the one that was loaded. Its training
// mode, and its gradients, also fail without `scale` or `center`, and `trainable` of a model does not reach the layers in it.
import { tf } from "../../engine/tf.js";

interface BatchNormalization extends tf.layers.Layer {
  scale: boolean;
  center: boolean;
  gamma?: { read(): tf.Tensor } | undefined;
  beta?: { read(): tf.Tensor } | undefined;
  readonly movingMean: { readonly shape: number[] };
}

const prototype = Object.getPrototypeOf(tf.layers.batchNormalization()) as BatchNormalization;
const { call } = prototype;

prototype.call = function (this: BatchNormalization, inputs, kwargs) {
  const { scale, center, gamma, beta } = this;
  const { shape } = this.movingMean;
  Object.assign(this, { scale: true, center: true });
  this.gamma ??= { read: () => tf.ones(shape) };
  this.beta ??= { read: () => tf.zeros(shape) };
  try {
    return call.call(this, inputs, { ...kwargs, training: Boolean(kwargs.training) && this.trainable });
  } finally {
    Object.assign(this, { scale, center, gamma, beta });
  }
};

const container = Object.getPrototypeOf(tf.LayersModel.prototype) as tf.LayersModel;
const trainable = Object.getOwnPropertyDescriptor(container, "trainable")!;

Object.defineProperty(container, "trainable", {
  ...trainable,
  set(this: tf.LayersModel, value: boolean) {
    // A sequential model says `true` once more whenever it is built: that must not thaw its frozen layers.
    const reaches = !value || !this.trainable;
    trainable.set!.call(this, value);
    if (reaches) for (const layer of this.layers) layer.trainable = value;
  },
});
