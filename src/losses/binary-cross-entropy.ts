import { tf } from "../engine/tf.js";
import { elementwiseLoss, outputsAndTargets } from "./elementwise-loss.js";
import type { Curve } from "./fused.js";
import type { Loss } from "./loss.js";
import { type OutputsOptions, outputsOptions, smoothing } from "./loss-options.js";

export interface BinaryCrossEntropyOptions extends OutputsOptions {
  /** This part of each target becomes 1/2. @default 0 */
  readonly labelSmoothing?: number;
}

/**
 * `-y * log(p) - (1 - y) * log(1 - p)` with `p = sigmoid(z)`, from the logits `z` as `max(z, 0) - z * y + log(1 + exp(-|z|))`,
 * which neither overflows nor loses its gradient `p - y`.
 */
export const sigmoidCrossEntropy: Curve = {
  value: (z, y) => tf.add(tf.sub(tf.relu(z), tf.mul(z, y!)), tf.log1p(tf.exp(tf.neg(tf.abs(z))))),
  slope: (z, y) => tf.sub(tf.sigmoid(z), y!),
};

/**
 * Mean of {@link sigmoidCrossEntropy} over the outputs of each sample; each output is a yes-or-no question of its own, with
 * a target of 0, 1 or a probability. The targets get no gradient.
 */
export function binaryCrossEntropy(options: BinaryCrossEntropyOptions = {}): Loss {
  const checked = outputsOptions("binaryCrossEntropy", options, { labelSmoothing: smoothing }, { labelSmoothing: 0 });
  return elementwiseLoss(checked, {
    outputs: "answers",
    targets: "answers",
    curve: sigmoidCrossEntropy,
    at(yTrue, yPred, where) {
      const [z, y] = outputsAndTargets(yTrue, yPred, where);
      return [z, smoothed(y, checked.all.labelSmoothing)];
    },
  });
}

/** Answers of which the part `amount` is 1/2. */
export function smoothed(answers: tf.Tensor, amount: number): tf.Tensor {
  return amount === 0 ? answers : tf.add(tf.mul(answers, 1 - amount), amount / 2);
}
