import { checkOneOf, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import type { tf } from "../engine/tf.js";
import { binaryCrossEntropy } from "./binary-cross-entropy.js";
import { contrastive } from "./contrastive.js";
import { cosineSimilarity } from "./cosine-similarity.js";
import { crossEntropy } from "./cross-entropy.js";
import { ctc } from "./ctc.js";
import { focal } from "./focal.js";
import { categoricalHinge, hinge, squaredHinge } from "./hinge.js";
import { huber } from "./huber.js";
import { klDivergence } from "./kl-divergence.js";
import { logCosh } from "./log-cosh.js";
import { meanAbsoluteError, meanAbsolutePercentageError } from "./mean-absolute-error.js";
import { meanSquaredError, meanSquaredLogarithmicError, rootMeanSquaredError } from "./mean-squared-error.js";
import { dice, tversky } from "./overlap.js";
import { poisson } from "./poisson.js";
import { quantile } from "./quantile.js";
import { triplet } from "./triplet.js";

/** What a model trained with a loss gives: logits of classes that exclude each other, logits of yes-or-no answers, scores whose sign is the answer, logarithms of rates, or plain numbers. */
export type OutputKind = "classes" | "answers" | "scores" | "rates" | "numbers";

/** What a loss takes as targets. "classes": labels 0, 1, ..., shape of the outputs without their last axis, or the share of each class in the shape of the outputs. "answers": 0 to 1; "counts": from 0; "numbers": any; all three in the shape of the outputs. "groups": an integer for each row that says which rows belong together. "sequences": labels of another length than the outputs, -1 where there is none. */
export type TargetKind = "classes" | "answers" | "counts" | "numbers" | "groups" | "sequences";

/** "mean": sum of weight * loss over the number of losses; "weightedMean": over the sum of the weights; "sum". */
export type Reduction = "mean" | "weightedMean" | "sum";

/** Any differentiable function of a batch. It returns one number, or one for each sample if samples have weights. */
export type LossFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

/** What a file says of a loss: its name, and the options that are not the default. */
export interface LossConfig {
  readonly name: LossName;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A loss of {@link losses}: call it as a function, or pass it to `fit`. */
export interface Loss {
  /** @param weights - Shape `(nSamples,)` or `(nSamples, nSteps)`. @default 1 each */
  (yTrue: tf.Tensor, yPred: tf.Tensor, weights?: tf.Tensor): tf.Scalar;
  readonly config: LossConfig;
  readonly outputs: OutputKind;
  readonly targets: TargetKind;
  /** The loss of each sample, or of each step of it: the shape of yPred without its last axis. */
  each(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor;
}

/**
 * The losses by name. Those of classes, answers and rates take what the last layer gives without an activation.
 *
 * @example
 * const loss = losses.huber({ delta: 2 });
 * await fit(model, { train, loss, epochs: 10 });
 */
export const losses = {
  binaryCrossEntropy,
  categoricalHinge,
  contrastive,
  cosineSimilarity,
  crossEntropy,
  ctc,
  dice,
  focal,
  hinge,
  huber,
  klDivergence,
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  poisson,
  quantile,
  rootMeanSquaredError,
  squaredHinge,
  triplet,
  tversky,
};

/** The name of a loss of {@link losses}. */
export type LossName = keyof typeof losses;

/** Whether `value` is a loss of {@link losses}, and no function of one's own. */
export function isLoss(value: unknown): value is Loss {
  const { config, each } = (typeof value === "function" ? value : {}) as Partial<Loss>;
  return typeof each === "function" && typeof config === "object" && config.name in losses;
}

/**
 * The loss of a name with its default options, of a config, or itself.
 * @throws OptionError with the names that there are.
 */
export function lossOf(where: string, loss: LossName | LossConfig | Loss): Loss {
  if (isLoss(loss)) return loss;
  const { name, options } =
    typeof loss === "object" && loss !== null ? loss : { name: loss as LossName, options: undefined };
  if (typeof name === "function") {
    throw new OptionError(
      `${where}: loss must be a loss such as losses.huber(), got ${show(name)}. Call the function that makes it.`,
    );
  }
  const make = losses[checkOneOf(where, "loss", name, Object.keys(losses) as LossName[])] as (options?: object) => Loss;
  return make(options);
}
