import { tf } from "../engine/tf.js";

/** A loss of one output, element by element: its value and the slope of that, times `factor`. */
export interface Curve {
  value(x: tf.Tensor, ...data: tf.Tensor[]): tf.Tensor;
  slope(x: tf.Tensor, ...data: tf.Tensor[]): tf.Tensor;
  /** @default 1 */
  readonly factor?: number;
}

/** The curve at each element of `x`; its gradient is one expression. `data` gets no gradient. */
export function valuesOf(curve: Curve, x: tf.Tensor, ...data: tf.Tensor[]): tf.Tensor {
  const { factor = 1 } = curve;
  return withGradient(x, data, (at) => ({
    value: curve.value(at, ...data),
    gradient: (dy, [saved, ...rest]) => tf.mul(curve.slope(saved!, ...rest), factor === 1 ? dy : tf.mul(dy, factor)),
  }));
}

/** The mean of {@link valuesOf}. */
export function meanOf(curve: Curve, x: tf.Tensor, ...data: tf.Tensor[]): tf.Tensor {
  const { factor = 1 } = curve;
  return withGradient(x, data, (at) => ({
    value: tf.mean(curve.value(at, ...data)),
    gradient: (dy, [saved, ...rest]) => tf.mul(curve.slope(saved!, ...rest), tf.div(dy, x.size / factor)),
  }));
}

function withGradient(
  x: tf.Tensor,
  data: tf.Tensor[],
  f: (x: tf.Tensor) => { value: tf.Tensor; gradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor },
): tf.Tensor {
  return tf.customGrad((at, save) => {
    (save as tf.GradSaveFunc)([at as tf.Tensor, ...data]);
    const { value, gradient } = f(at as tf.Tensor);
    return { value, gradFunc: gradient };
  })(x);
}
