import { checkNumber } from "../core/check.js";
import { tf } from "../engine/tf.js";
import type { Loss } from "./loss.js";
import { type LossOptions, lossOptions, maybe, smoothing } from "./loss-options.js";
import { makeLoss } from "./make-loss.js";
import { type ClassTargets, classesFor } from "./targets.js";

export interface CrossEntropyOptions extends LossOptions {
  /** This part of each target goes to all classes alike (Szegedy et al., CVPR 2016). @default 0 */
  readonly labelSmoothing?: number;
  /** Samples or steps with this label, such as a padding of -1, neither have a loss nor count in the mean. @default none */
  readonly ignoreLabel?: number;
}

/**
 * `-sum(yTrue * log softmax(yPred))` for each sample or step, from logits with log-sum-exp, so that a confident error has a
 * finite loss and a full gradient. The targets get no gradient.
 *
 * `yTrue` holds labels, shape `(nSamples,)` or `(nSamples, nSteps)`, or the share of each class in the shape of `yPred`.
 */
export function crossEntropy(options: CrossEntropyOptions = {}): Loss {
  const kinds = {
    labelSmoothing: smoothing,
    ignoreLabel: maybe((where, option, value) => checkNumber(where, option, value as number, { integer: true })),
  };
  const checked = lossOptions("crossEntropy", options, kinds, { labelSmoothing: 0 });
  const { labelSmoothing, ignoreLabel } = checked.all;
  return makeLoss(checked, {
    outputs: "classes",
    targets: "classes",
    each(yTrue, yPred, where) {
      const target = classesFor(where, yTrue, yPred, labelSmoothing);
      const values = softmaxCrossEntropy(target, yPred);
      if (ignoreLabel === undefined || target.labels === null) return values;
      const counts = tf.cast(tf.notEqual(target.labels, ignoreLabel), "float32");
      return { values: tf.mul(values, counts), counts };
    },
    ...(ignoreLabel === undefined && {
      mean: (yTrue, yPred, where) => meanSoftmaxCrossEntropy(classesFor(where, yTrue, yPred, labelSmoothing), yPred),
    }),
  });
}

/** The cross-entropy of each row; `d / d logits = softmax - shares`. */
export function softmaxCrossEntropy({ shares, labels }: ClassTargets, yPred: tf.Tensor): tf.Tensor {
  return tf.customGrad((logits, save) => {
    const logProbabilities = tf.logSoftmax(logits as tf.Tensor);
    (save as tf.GradSaveFunc)([logProbabilities, shares]);
    return {
      value: tf.neg(tf.sum(tf.mul(logProbabilities, shares), -1)),
      gradFunc: (dy: tf.Tensor, [saved, target]: tf.Tensor[]) =>
        tf.mul(slope(saved!, target!, labels !== null), tf.expandDims(dy, -1)),
    };
  })(yPred);
}

function meanSoftmaxCrossEntropy({ shares, labels }: ClassTargets, yPred: tf.Tensor): tf.Tensor {
  const nLosses = yPred.size / yPred.shape.at(-1)!;
  return tf.customGrad((logits, save) => {
    const logProbabilities = tf.logSoftmax(logits as tf.Tensor);
    (save as tf.GradSaveFunc)([logProbabilities, shares]);
    return {
      value: tf.div(tf.sum(tf.mul(logProbabilities, shares)), -nLosses),
      gradFunc: (dy: tf.Tensor, [saved, target]: tf.Tensor[]) =>
        tf.mul(slope(saved!, target!, labels !== null), tf.div(dy, nLosses)),
    };
  })(yPred);
}

/** @param areWhole - Whether the shares of a row have sum 1; shares that were given need not. */
function slope(logProbabilities: tf.Tensor, shares: tf.Tensor, areWhole: boolean): tf.Tensor {
  const probabilities = tf.exp(logProbabilities);
  return tf.sub(areWhole ? probabilities : tf.mul(probabilities, tf.sum(shares, -1, true)), shares);
}
