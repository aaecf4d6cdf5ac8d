import type { tf } from "../engine/tf.js";

/**
 * What a model trained with a loss gives: logits of classes that exclude each other, logits of yes-or-no answers, scores whose
 * sign is the answer, logarithms of rates, or plain numbers.
 */
export type OutputKind = "classes" | "answers" | "scores" | "rates" | "numbers";

/**
 * What a loss takes as targets. `"classes"`: labels 0, 1, ..., shape of the outputs without their last axis, or the share of each
 * class in the shape of the outputs. `"answers"`: 0 to 1; `"counts"`: from 0; `"numbers"`: any; all three in the shape of the
 * outputs. `"groups"`: an integer for each row that says which rows belong together. `"sequences"`: labels of another
 * length than the outputs, -1 where there is none.
 */
export type TargetKind = "classes" | "answers" | "counts" | "numbers" | "groups" | "sequences";

/** "mean": sum of weight * loss over the number of losses; "weightedMean": over the sum of the weights; "sum". */
export type Reduction = "mean" | "weightedMean" | "sum";

/** Any differentiable function of a batch. It returns one number, or one for each sample if samples have weights. */
export type LossFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

/** What a file says of a loss: its name, and the options that are not the default. */
export interface LossConfig {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A loss of `losses`: call it as a function, or pass it to `fit`. */
export interface Loss {
  /** @param weights - Shape `(nSamples,)` or `(nSamples, nSteps)`. @default 1 each */
  (yTrue: tf.Tensor, yPred: tf.Tensor, weights?: tf.Tensor): tf.Scalar;
  readonly config: LossConfig;
  readonly outputs: OutputKind;
  readonly targets: TargetKind;
  /** The loss of each sample, or of each step of it: the shape of yPred without its last axis. */
  each(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor;
}
