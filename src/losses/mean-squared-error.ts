import { tf } from "../engine/tf.js";

/**
 * Mean of `(yTrue - yPred)^2` over all samples and outputs.
 *
 * @param yTrue - Shape `(nSamples,)` or that of `yPred`.
 * @param yPred - Shape `(nSamples, nOutputs)`.
 */
export function meanSquaredError(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Scalar {
  return tf.mean(tf.square(tf.sub(yPred, tf.reshape(yTrue, yPred.shape))));
}
