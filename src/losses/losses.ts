import { checkOneOf, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
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
import type { Loss, LossConfig } from "./loss.js";
import { meanAbsoluteError, meanAbsolutePercentageError } from "./mean-absolute-error.js";
import { meanSquaredError, meanSquaredLogarithmicError, rootMeanSquaredError } from "./mean-squared-error.js";
import { dice, tversky } from "./overlap.js";
import { poisson } from "./poisson.js";
import { quantile } from "./quantile.js";
import { triplet } from "./triplet.js";

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
