import { checkNumber, show } from "../core/check.js";
import { OptionError, ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { sigmoidCrossEntropy, smoothed } from "./binary-cross-entropy.js";
import { valuesOf } from "./fused.js";
import type { Loss } from "./loss.js";
import { type LossOptions, lossOptions, smoothing } from "./loss-options.js";
import { makeLoss } from "./make-loss.js";
import { classesFor, columnsOf, numbersFor } from "./targets.js";

export interface FocalOptions extends LossOptions {
  /** Yes-or-no questions, or classes that exclude each other. @default "answers" */
  readonly outputs?: "answers" | "classes";
  /** How much less the easy samples count; 0 is the cross-entropy. @default 2 */
  readonly gamma?: number;
  /** Weight of each class, or one for all. For answers: the weight of yes, with `classBalancing`. @default 0.25 */
  readonly alpha?: number | readonly number[];
  /** For answers: yes weighs `alpha` and no `1 - alpha`; otherwise both weigh 1. @default false */
  readonly classBalancing?: boolean;
  /** @default 0 */
  readonly labelSmoothing?: number;
}

/** Below this the power has a slope that float32 cannot hold. */
const smallest = 1e-30;

/**
 * The cross-entropy times `(1 - p)^gamma`, where `p` is the probability of the truth: what the model knows already counts
 * little. Lin et al., ICCV 2017; the defaults are those of Keras.
 */
export function focal(options: FocalOptions = {}): Loss {
  const kinds = {
    outputs: ["answers", "classes"],
    gamma: { atLeast: 0 },
    alpha: checkAlpha,
    classBalancing: "flag",
    labelSmoothing: smoothing,
  } as const;
  const defaults = { outputs: "answers", gamma: 2, alpha: 0.25, classBalancing: false, labelSmoothing: 0 } as const;
  const checked = lossOptions<FocalOptions>("focal", options, kinds, defaults);
  const { outputs, alpha } = checked.all;
  if (outputs === "answers" && typeof alpha !== "number") {
    throw new OptionError(`losses.focal: alpha must be one number for outputs "answers", got ${show(alpha)}.`);
  }
  const each = outputs === "answers" ? focalOfAnswers : focalOfClasses;
  return makeLoss(checked, {
    outputs,
    targets: outputs,
    each: (yTrue, yPred) => each(yTrue, yPred, checked.all),
  });
}

function focalOfAnswers(yTrue: tf.Tensor, yPred: tf.Tensor, options: Required<FocalOptions>): tf.Tensor {
  const { gamma, classBalancing, labelSmoothing } = options;
  const alpha = options.alpha as number;
  const z = columnsOf(yPred);
  const y = smoothed(numbersFor("losses.focal", yTrue, z), labelSmoothing);
  const no = tf.sub(1, y);
  const missed = tf.add(tf.mul(y, tf.sigmoid(tf.neg(z))), tf.mul(no, tf.sigmoid(z)));
  const values = tf.mul(power(missed, gamma), valuesOf(sigmoidCrossEntropy, z, y));
  return tf.mean(classBalancing ? tf.mul(values, tf.add(tf.mul(y, alpha), tf.mul(no, 1 - alpha))) : values, -1);
}

function focalOfClasses(yTrue: tf.Tensor, yPred: tf.Tensor, options: Required<FocalOptions>): tf.Tensor {
  const { gamma, alpha, labelSmoothing } = options;
  const { shares } = classesFor("losses.focal", yTrue, yPred, labelSmoothing);
  const nClasses = yPred.shape.at(-1)!;
  if (typeof alpha !== "number" && alpha.length !== nClasses) {
    throw new ShapeError(`losses.focal: alpha must be one for each of the ${nClasses} classes, got ${alpha.length}.`);
  }
  const logProbabilities = tf.logSoftmax(yPred);
  const weights = tf.mul(shares, typeof alpha === "number" ? alpha : tf.tensor1d([...alpha]));
  const missed = tf.neg(tf.expm1(logProbabilities));
  return tf.neg(tf.sum(tf.mul(tf.mul(weights, power(missed, gamma)), logProbabilities), -1));
}

function power(missed: tf.Tensor, gamma: number): tf.Tensor {
  return gamma === 0 ? tf.onesLike(missed) : tf.pow(tf.maximum(missed, smallest), gamma);
}

function checkAlpha(where: string, option: string, value: unknown): void {
  for (const alpha of Array.isArray(value) ? value : [value])
    checkNumber(where, option, alpha, { above: 0, atMost: 1 });
}
