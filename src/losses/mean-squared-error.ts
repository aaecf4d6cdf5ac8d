import { tf } from "../engine/tf.js";
import { elementwiseLoss } from "./elementwise-loss.js";
import type { Curve } from "./fused.js";
import type { Loss } from "./loss.js";
import { type Checked, type OutputsOptions, outputsOptions } from "./loss-options.js";
import { makeLoss } from "./make-loss.js";
import { numbersFor } from "./targets.js";

const square: Curve = { value: (x) => tf.square(x), slope: (x) => x, factor: 2 };

/** Mean of `(yPred - yTrue)^2` over the outputs of each sample. */
export function meanSquaredError(options: OutputsOptions = {}): Loss {
  return squaredError(outputsOptions("meanSquaredError", options, {}));
}

/**
 * The root of {@link meanSquaredError} over all samples, in the unit of the targets; with reduction "sum" the root of the
 * sum. It is no mean over samples: the mean of two batches is not that of both together. `each` has the root of each sample.
 * Its gradient is 0 where nothing is wrong.
 */
export function rootMeanSquaredError(options: OutputsOptions = {}): Loss {
  const checked = outputsOptions("rootMeanSquaredError", options, {});
  const squared = squaredError(checked);
  return makeLoss(checked, {
    outputs: "numbers",
    targets: "numbers",
    each: (yTrue, yPred) => root(squared.each(yTrue, yPred)),
    whole: (yTrue, yPred, weights) => root(squared(yTrue, yPred, weights)),
  });
}

/**
 * Mean of `(log(1 + yPred) - log(1 + yTrue))^2`: what counts is the ratio, as with prices and populations. Numbers below 0
 * are taken for 0, so an output below 0 gets no gradient.
 */
export function meanSquaredLogarithmicError(options: OutputsOptions = {}): Loss {
  const logarithm = (x: tf.Tensor) => tf.log1p(tf.relu(x));
  return elementwiseLoss(outputsOptions("meanSquaredLogarithmicError", options, {}), {
    targets: "counts",
    curve: square,
    at: (yTrue, yPred, where) => [tf.sub(logarithm(yPred), logarithm(numbersFor(where, yTrue, yPred)))],
  });
}

function squaredError(checked: Checked<OutputsOptions>): Loss {
  return elementwiseLoss(checked, { curve: square });
}

/** The square root with slope 0 at 0, where it has none. */
export function root(x: tf.Tensor): tf.Tensor {
  const isPositive = tf.greater(x, 0);
  return tf.where(isPositive, tf.sqrt(tf.where(isPositive, x, tf.onesLike(x))), tf.zerosLike(x));
}
