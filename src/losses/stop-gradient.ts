import { tf } from "../engine/tf.js";

/**
 * `x` as a constant: what it was computed from gets no gradient through it. For targets that the model itself gives, and for
 * numbers that only scale a loss.
 */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  return tf.customGrad((value) => ({
    value: (value as T).clone(),
    gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
  }))(x) as T;
}
