import { tf } from "../engine/tf.js";

/**
 * Mean of `-yTrue * log(p) - (1 - yTrue) * log(1 - p)` with `p = sigmoid(yPred)`, computed from logits as
 * `max(z, 0) - z * y + log(1 + exp(-|z|))`, which neither overflows nor loses its gradient.
 *
 * @param yTrue - 0 or 1 (or a probability), shape `(nSamples,)` or that of `yPred`.
 * @param yPred - Logits, shape `(nSamples, nOutputs)`; each output is a yes-or-no question of its own.
 */
export function binaryCrossEntropy(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Scalar {
  const target = tf.reshape(tf.cast(yTrue, "float32"), yPred.shape);
  const loss = tf.customGrad((logits, save) => {
    const z = logits as tf.Tensor;
    (save as tf.GradSaveFunc)([z, target]);
    return {
      value: tf.mean(tf.add(tf.sub(tf.relu(z), tf.mul(z, target)), tf.log1p(tf.exp(tf.neg(tf.abs(z)))))),
      // d loss / d z = (sigmoid(z) - target) / size
      gradFunc: (dy: tf.Tensor, [saved, expected]: tf.Tensor[]) =>
        tf.mul(tf.sub(tf.sigmoid(saved!), expected!), tf.div(dy, z.size)),
    };
  });
  return loss(yPred) as tf.Scalar;
}
