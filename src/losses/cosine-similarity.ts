import { tf } from "../engine/tf.js";
import type { Loss } from "./loss.js";
import { type LossOptions, lossOptions } from "./loss-options.js";
import { makeLoss } from "./make-loss.js";
import { columnsOf, numbersFor } from "./targets.js";

/** Vectors shorter than this are made no longer. */
const shortest = 1e-7;

/**
 * Minus the cosine of the angle between `yTrue` and `yPred`, vectors along the last axis: -1 if they point the same way, 1 if
 * they are opposite, 0 if one of them is 0. Their lengths do not matter.
 */
export function cosineSimilarity(options: LossOptions = {}): Loss {
  return makeLoss(lossOptions("cosineSimilarity", options, {}), {
    outputs: "numbers",
    targets: "numbers",
    each(yTrue, yPred, where) {
      const columns = columnsOf(yPred);
      const target = numbersFor(where, yTrue, columns);
      return tf.neg(tf.sum(tf.mul(ofUnitLength(target), ofUnitLength(columns)), -1));
    },
  });
}

/** Vectors along the last axis at length 1; the vector 0 stays. */
export function ofUnitLength(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x), -1, true), shortest * shortest)));
}
