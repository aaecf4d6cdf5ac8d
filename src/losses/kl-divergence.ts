import { tf } from "../engine/tf.js";
import { softmaxCrossEntropy } from "./cross-entropy.js";
import type { Loss } from "./loss.js";
import { type LossOptions, lossOptions } from "./loss-options.js";
import { makeLoss } from "./make-loss.js";
import { classesFor } from "./targets.js";

/**
 * `sum(yTrue * log(yTrue / softmax(yPred)))` for each sample or step: how far the predicted distribution is from `yTrue`, 0 if
 * they are equal. The gradient is that of the cross-entropy.
 */
export function klDivergence(options: LossOptions = {}): Loss {
  return makeLoss(lossOptions("klDivergence", options, {}), {
    outputs: "classes",
    targets: "classes",
    each(yTrue, yPred, where) {
      const targets = classesFor(where, yTrue, yPred);
      const { shares } = targets;
      const logarithms = tf.log(tf.where(tf.greater(shares, 0), shares, tf.onesLike(shares)));
      return tf.add(softmaxCrossEntropy(targets, yPred), tf.sum(tf.mul(shares, logarithms), -1));
    },
  });
}
