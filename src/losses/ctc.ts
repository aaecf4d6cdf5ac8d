import { ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import type { Loss } from "./loss.js";
import { type LossOptions, lossOptions } from "./loss-options.js";
import { makeLoss } from "./make-loss.js";
import { stopGradient } from "./stop-gradient.js";
import { oneHot, shapeText } from "./targets.js";

export interface CtcOptions extends LossOptions {
  /** The class that says nothing: class 0, so that labels go from 1, or the last one, after all labels. @default "first" */
  readonly blank?: "first" | "last";
}

/** The logarithm of no chance at all; the sum of two is still a number. */
const impossible = -1e30;

/**
 * Minus the log-probability of a sequence of labels, over all ways to spread it along the steps of the output: the model learns
 * to read or to listen without being told when. One number for each sample; infinite, and without gradient, where the labels
 * need more steps than there are. Graves et al., ICML 2006.
 *
 * `yTrue` has shape `(nSamples, nLabels)`, with -1 after the last label of each row; `yPred` logits of shape
 * `(nSamples, nSteps, nClasses)`, of which all steps count. The graph grows with `nSteps`.
 */
export function ctc(options: CtcOptions = {}): Loss {
  const kinds = { blank: ["first", "last"] } as const;
  const checked = lossOptions<CtcOptions>("ctc", options, kinds, { blank: "first" });
  return makeLoss(checked, {
    outputs: "classes",
    targets: "sequences",
    each(yTrue, yPred, where) {
      const { shape } = yPred;
      if (yPred.rank !== 3 || yTrue.rank !== 2 || yTrue.shape[0] !== shape[0]) {
        throw new ShapeError(
          `${where}: yTrue must be labels (n, nLabels) and yPred logits (n, nSteps, nClasses), got ${shapeText(yTrue.shape)} and ${shapeText(shape)}.`,
        );
      }
      return ctcOf(tf.cast(yTrue, "int32"), yPred, checked.all.blank === "first" ? 0 : shape[2]! - 1);
    },
  });
}

/** The forward algorithm, all samples at once: state 2k is the blank before label k, state 2k + 1 label k itself. */
function ctcOf(labels: tf.Tensor, yPred: tf.Tensor, blank: number): tf.Tensor {
  const [nRows, nSteps, nClasses] = yPred.shape as [number, number, number];
  const nLabels = labels.shape[1]!;
  const nStates = 2 * nLabels + 1;
  const isLabel = tf.greaterEqual(labels, 0);
  const blanks = tf.fill([nRows, nLabels], blank, "int32");
  const spoken = tf.where(isLabel, labels, blanks);
  const pairs = tf.reshape(tf.stack([blanks, spoken], 2), [nRows, 2 * nLabels]);
  const states = tf.concat([pairs, tf.fill([nRows, 1], blank, "int32")], 1);
  // A product with rows of one 1 chooses the class of each state, and has a gradient in one product.
  const choice = oneHot(states, nClasses);
  const logProbabilities = tf.matMul(tf.logSoftmax(yPred), choice, false, true);
  const steps = tf.unstack(logProbabilities, 1);
  // The blank between two labels may be left out if they differ.
  const before = tf.pad(tf.slice(states, [0, 0], [nRows, nStates - 2]), [
    [0, 0],
    [2, 0],
  ]);
  const maySkip = tf.logicalAnd(tf.notEqual(states, blank), tf.notEqual(states, before));
  const skipCost = tf.where(maySkip, tf.zeros(states.shape), tf.fill(states.shape, impossible));
  const place = tf.range(0, nStates, 1, "int32");
  const start = tf.where(tf.less(place, 2), tf.zeros([nStates]), tf.fill([nStates], impossible));
  let forward = tf.add(steps[0]!, start);
  let taken = tf.zeros([nRows, 1]);
  for (let t = 1; t < nSteps; t++) {
    // Small numbers keep their digits: the best state is taken out of each step and put back at the end.
    const best = stopGradient(tf.max(forward, 1, true));
    taken = tf.add(taken, best);
    const rest = tf.sub(forward, best);
    const skipped = tf.add(moved(rest, 2), skipCost);
    forward = tf.add(logSumExp(rest, moved(rest, 1), skipped), steps[t]!);
  }
  const last = tf.mul(tf.sum(tf.cast(isLabel, "int32"), 1, true), 2);
  const isEnd = tf.logicalOr(tf.equal(place, last), tf.equal(place, tf.sub(last, 1)));
  const ends = tf.where(isEnd, forward, tf.fill(forward.shape, impossible));
  const logLikelihood = tf.logSumExp(ends, 1);
  const isPossible = tf.greater(logLikelihood, impossible / 2);
  return tf.where(
    isPossible,
    tf.neg(tf.add(logLikelihood, tf.reshape(taken, [nRows]))),
    tf.fill([nRows], Number.POSITIVE_INFINITY),
  );
}

/** States `by` places later. */
function moved(forward: tf.Tensor, by: number): tf.Tensor {
  const [nRows, nStates] = forward.shape as [number, number];
  const kept = tf.slice(forward, [0, 0], [nRows, nStates - by]);
  return tf.pad(
    kept,
    [
      [0, 0],
      [by, 0],
    ],
    impossible,
  );
}

/** `log(exp(a) + exp(b) + exp(c))`; the gradient of each is its share. */
function logSumExp(a: tf.Tensor, b: tf.Tensor, c: tf.Tensor): tf.Tensor {
  return tf.customGrad((x, y, z, save) => {
    const terms = [x, y, z] as tf.Tensor[];
    const top = terms.reduce((p, q) => tf.maximum(p, q));
    const sum = terms.map((term) => tf.exp(tf.sub(term, top))).reduce((p, q) => tf.add(p, q));
    const value = tf.add(top, tf.log(sum));
    (save as tf.GradSaveFunc)([...terms, value]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      saved.slice(0, 3).map((term) => tf.mul(dy, tf.exp(tf.sub(term, saved[3]!))));
    return { value, gradFunc };
  })(a, b, c);
}
