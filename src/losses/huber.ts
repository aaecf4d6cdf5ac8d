import { checkNumber } from "../core/check.js";
import { tf } from "../engine/tf.js";
import { elementwiseLoss, residual } from "./elementwise-loss.js";
import type { Loss } from "./loss.js";
import { type OutputsOptions, outputsOptions } from "./loss-options.js";
import { stopGradient } from "./stop-gradient.js";

export interface HuberOptions extends OutputsOptions {
  /**
   * Residuals up to this size are squared, larger ones count by their size; in the unit of the targets. `"residuals"` takes it
   * from each batch: 1.345 times the standard deviation that the median of the sizes stands for (95 % of the efficiency of
   * least squares if the errors are normal). @default 1
   */
  readonly delta?: number | "residuals";
}

/** The median of the size of normal residuals, beside their standard deviation. */
const medianOfNormal = 0.6745;
/** Where more than half of the residuals are 0, delta is this. */
const smallestDelta = 1e-6;

/**
 * `r^2 / 2` for residuals up to `delta`, `delta * (|r| - delta / 2)` beyond: outliers pull no harder than `delta`.
 * Huber, Annals of Mathematical Statistics 35 (1964), 73-101.
 */
export function huber(options: HuberOptions = {}): Loss {
  const checked = outputsOptions("huber", options, { delta: checkDelta }, { delta: 1 });
  const { delta } = checked.all;
  return elementwiseLoss(checked, {
    curve: {
      value(x, limit) {
        const size = tf.abs(x);
        const inside = tf.minimum(size, limit!);
        // inside^2 / 2 + limit * (size - inside), which is both cases
        return tf.mul(inside, tf.sub(size, tf.mul(inside, 0.5)));
      },
      slope: (x, limit) => tf.maximum(tf.minimum(x, limit!), tf.neg(limit!)),
    },
    at(yTrue, yPred, where) {
      const [x] = residual(yTrue, yPred, where);
      return [x, delta === "residuals" ? deltaOf(stopGradient(x)) : tf.scalar(delta)];
    },
  });
}

function checkDelta(where: string, option: string, value: unknown): void {
  if (value === "residuals") return;
  checkNumber(where, option, value as number, { above: 0, advice: 'Or take it from the batch with "residuals".' });
}

function deltaOf(residuals: tf.Tensor): tf.Tensor {
  return tf.maximum(tf.mul(median(tf.abs(residuals)), 1.345 / medianOfNormal), smallestDelta);
}

function median(x: tf.Tensor): tf.Tensor {
  const half = Math.floor(x.size / 2);
  const { values } = tf.topk(tf.reshape(x, [x.size]), half + 1);
  const middle = x.size % 2 === 1 ? tf.slice(values, half, 1) : tf.mean(tf.slice(values, half - 1, 2));
  return tf.reshape(middle, []);
}
