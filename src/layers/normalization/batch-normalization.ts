// Batch normalisation that is frozen goes on with the statistics that it has, as in Keras: TensorFlow.js normalises by the batch
// and moves the statistics as long as the model around trains, so that a frozen model is not the one that was loaded. It also
// counts what is masked, fails in training without `scale` or `center` and on rows of four axes, and `trainable` of a model does
// not reach the layers in it.
import { tf } from "../../engine/tf.js";
import { only } from "../own-layer.js";
import { broadcastShape } from "./axes.js";

interface BatchNormalization extends tf.layers.Layer {
  axis: number;
  scale: boolean;
  center: boolean;
  gamma?: { read(): tf.Tensor } | undefined;
  beta?: { read(): tf.Tensor } | undefined;
  readonly epsilon: number;
  readonly momentum: number;
  readonly movingMean: Statistic;
  readonly movingVariance: Statistic;
}

interface Statistic {
  readonly shape: number[];
  read(): tf.Tensor;
  write(value: tf.Tensor): void;
}

const prototype = Object.getPrototypeOf(tf.layers.batchNormalization()) as BatchNormalization;
const { call } = prototype;

prototype.call = function (this: BatchNormalization, inputs, kwargs) {
  return tf.tidy(() => {
    const { axis, scale, center, gamma, beta } = this;
    const { shape } = this.movingMean;
    const x = only(inputs);
    const training = Boolean(kwargs.training) && this.trainable;
    if (training && kwargs.mask) return normalisedByMask(this, x, only(kwargs.mask));
    const isLong = x.rank > 4;
    Object.assign(this, { scale: true, center: true });
    if (isLong) this.axis = -1;
    this.gamma ??= { read: () => tf.ones(shape) };
    this.beta ??= { read: () => tf.zeros(shape) };
    const run = (rows: tf.Tensor) => only(call.call(this, [rows], { ...kwargs, training }));
    try {
      return isLong ? asRows(x, axis, run) : run(x);
    } finally {
      Object.assign(this, { axis, scale, center, gamma, beta });
    }
  });
};

/** Keras' `epsilon()`: a mask that leaves nothing divides by it. */
const fuzz = 1e-7;

/** By the moments of what counts, with which the moving ones go on. The axes that a mask lacks are the last ones. */
function normalisedByMask(layer: BatchNormalization, x: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  const { axis, epsilon, momentum, movingMean, movingVariance, gamma, beta } = layer;
  const channels = axis < 0 ? axis + x.rank : axis;
  const others = x.shape.map((_, i) => i).filter((i) => i !== channels);
  const counts = tf.mul(tf.reshape(tf.cast(mask, "float32"), withOnes(mask.shape, x.rank)), tf.onesLike(x));
  const weighed = (values: tf.Tensor) =>
    tf.div(tf.sum(tf.mul(values, counts), others, true), tf.add(tf.sum(counts, others, true), fuzz));
  const mean = weighed(x);
  const centred = tf.sub(x, mean);
  const variance = weighed(tf.square(centred));
  for (const [moving, value] of [
    [movingMean, mean],
    [movingVariance, variance],
  ] as const) {
    const now = tf.reshape(value, moving.shape);
    moving.write(tf.add(tf.mul(moving.read(), momentum), tf.mul(now, 1 - momentum)));
  }
  const shape = broadcastShape(x.shape, [channels]);
  const normed = tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
  const scaled = gamma ? tf.mul(normed, tf.reshape(gamma.read(), shape)) : normed;
  return beta ? tf.add(scaled, tf.reshape(beta.read(), shape)) : scaled;
}

function withOnes(shape: readonly number[], rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => shape[axis] ?? 1);
}

/** Runs `work` on rows of channels, which lie along `axis` of `x`. */
function asRows(x: tf.Tensor, axis: number, work: (rows: tf.Tensor) => tf.Tensor): tf.Tensor {
  const channels = axis < 0 ? axis + x.rank : axis;
  const order = x.shape.map((_, i) => i).filter((i) => i !== channels);
  const last = tf.transpose(x, [...order, channels]);
  const back = x.shape.map((_, i) => (i === channels ? x.rank - 1 : order.indexOf(i)));
  return tf.transpose(tf.reshape(work(tf.reshape(last, [-1, x.shape[channels]!])), last.shape), back);
}

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
