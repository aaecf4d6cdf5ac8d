import { tf } from "../../src/engine/tf.js";

/** Cross-entropy as a user might write it: one number for each sample. */
export function softmaxCrossEntropy(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const target = tf.oneHot(tf.cast(yTrue.flatten(), "int32"), yPred.shape[1]!);
  return tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(yPred)), -1));
}
