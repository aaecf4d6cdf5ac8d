import { tf } from "../../engine/tf.js";

/** `x` with mean 0 and variance 1 along `axes` together. */
export function standardised(x: tf.Tensor, axes: readonly number[], epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, [...axes], true));
  const variance = tf.mean(tf.square(centred), [...axes], true);
  return tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
}
