import { tf } from "../engine/tf.js";

/**
 * Mean of `-log softmax(yPred)[yTrue]`, computed from logits with log-sum-exp, so that a confident error has a finite
 * loss and a full gradient.
 *
 * @param yTrue - Class labels 0, 1, ..., shape `(nSamples,)`, any number type.
 * @param yPred - Logits, shape `(nSamples, nClasses)`.
 */
export function softmaxCrossEntropy(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Scalar {
  const [nSamples, nClasses] = yPred.shape as [number, number];
  const labels = tf.cast(yTrue, "int32");
  const loss = tf.customGrad((logits, save) => {
    const logProbabilities = tf.logSoftmax(logits as tf.Tensor);
    const target = tf.oneHot(labels, nClasses);
    (save as tf.GradSaveFunc)([logProbabilities, target]);
    return {
      value: tf.div(tf.sum(tf.mul(logProbabilities, target)), -nSamples),
      // d loss / d logits = (softmax - target) / nSamples
      gradFunc: (dy: tf.Tensor, [saved, oneHot]: tf.Tensor[]) =>
        tf.mul(tf.sub(tf.exp(saved!), oneHot!), tf.div(dy, nSamples)),
    };
  });
  return loss(yPred) as tf.Scalar;
}
