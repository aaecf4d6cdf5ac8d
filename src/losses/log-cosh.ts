import { tf } from "../engine/tf.js";
import { elementwiseLoss, residual } from "./elementwise-loss.js";
import type { Loss } from "./loss.js";
import { lossOptions, type OutputsOptions, outputWeights } from "./loss-options.js";

/** Mean of `log(cosh(yPred - yTrue))`: a square near 0, a straight line of slope 1 far from it, smooth in between. */
export function logCosh(options: OutputsOptions = {}): Loss {
  const { all, config } = lossOptions("logCosh", options, { outputWeights }, {});
  return elementwiseLoss({
    config,
    options: all,
    outputs: "numbers",
    targets: "numbers",
    curve: {
      value(x) {
        const size = tf.abs(x);
        return tf.add(size, tf.sub(tf.log1p(tf.exp(tf.mul(size, -2))), Math.LN2));
      },
      slope: (x) => tf.tanh(x),
    },
    at: residual,
  });
}
