import { tf } from "../engine/tf.js";
import { elementwiseLoss, outputsAndTargets } from "./elementwise-loss.js";
import type { Curve } from "./fused.js";
import type { Loss } from "./loss.js";
import { type OutputsOptions, outputsOptions } from "./loss-options.js";

export interface PoissonOptions extends OutputsOptions {
  /** What the model gives: the logarithms of the rates, or the rates, which must then be above 0. @default "logRates" */
  readonly yPred?: "logRates" | "rates";
}

/** Added to a rate before its logarithm is taken, as in Keras. */
const smallest = 1e-7;

const ofLogRates: Curve = {
  value: (z, y) => tf.sub(tf.exp(z), tf.mul(y!, z)),
  slope: (z, y) => tf.sub(tf.exp(z), y!),
};
const ofRates: Curve = {
  value: (rate, y) => tf.sub(rate, tf.mul(y!, tf.log(tf.add(rate, smallest)))),
  slope: (rate, y) => tf.sub(1, tf.div(y!, tf.add(rate, smallest))),
};

/**
 * Mean of `rate - yTrue * log(rate)` for counts: the negative log-likelihood of Poisson, without the part that does not depend
 * on the model. It may be below 0.
 */
export function poisson(options: PoissonOptions = {}): Loss {
  const kinds = { yPred: ["logRates", "rates"] };
  const checked = outputsOptions("poisson", options, kinds, { yPred: "logRates" });
  const isLog = checked.all.yPred === "logRates";
  return elementwiseLoss(checked, {
    outputs: isLog ? "rates" : "numbers",
    targets: "counts",
    curve: isLog ? ofLogRates : ofRates,
    at: outputsAndTargets,
  });
}
