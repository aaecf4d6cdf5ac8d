import { tf } from "../engine/tf.js";
import { elementwiseLoss } from "./elementwise-loss.js";
import type { Loss } from "./loss.js";
import { type OutputsOptions, outputsOptions } from "./loss-options.js";

/** Mean of `log(cosh(yPred - yTrue))`: a square near 0, a straight line of slope 1 far from it, smooth in between. */
export function logCosh(options: OutputsOptions = {}): Loss {
  return elementwiseLoss(outputsOptions("logCosh", options, {}), {
    curve: {
      value(x) {
        const size = tf.abs(x);
        return tf.add(size, tf.sub(tf.log1p(tf.exp(tf.mul(size, -2))), Math.LN2));
      },
      slope: (x) => tf.tanh(x),
    },
  });
}
