import { tf } from "../engine/tf.js";
import { elementwiseLoss } from "./elementwise-loss.js";
import type { Loss } from "./loss.js";
import { type OutputsOptions, outputsOptions } from "./loss-options.js";
import { numbersFor } from "./targets.js";

/** A target of 0 counts as this in a percentage, as in Keras. */
const smallest = 1e-7;

/** Mean of `|yPred - yTrue|` over the outputs of each sample; least at the median, so outliers move it little. */
export function meanAbsoluteError(options: OutputsOptions = {}): Loss {
  return elementwiseLoss(outputsOptions("meanAbsoluteError", options, {}), {
    curve: { value: (x) => tf.abs(x), slope: (x) => tf.sign(x) },
  });
}

/** Mean of `100 * |yPred - yTrue| / |yTrue|`: the error in percent of the target, which must not be near 0. */
export function meanAbsolutePercentageError(options: OutputsOptions = {}): Loss {
  return elementwiseLoss(outputsOptions("meanAbsolutePercentageError", options, {}), {
    curve: {
      value: (x, percent) => tf.div(tf.abs(x), percent!),
      slope: (x, percent) => tf.div(tf.sign(x), percent!),
    },
    at(yTrue, yPred, where) {
      const target = numbersFor(where, yTrue, yPred);
      return [tf.sub(yPred, target), tf.div(tf.maximum(tf.abs(target), smallest), 100)];
    },
  });
}
