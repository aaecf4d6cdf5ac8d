import { checkNumber } from "../core/check.js";
import { OptionError, ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { elementwiseLoss } from "./elementwise-loss.js";
import type { Loss } from "./loss.js";
import { type OutputsOptions, outputsOptions } from "./loss-options.js";
import { numbersFor, shapeText } from "./targets.js";

export interface QuantileOptions extends OutputsOptions {
  /** Above 0 and below 1; several, such as [0.05, 0.5, 0.95], want one output each for one target. @default 0.5 */
  readonly q?: number | readonly number[];
}

/**
 * `q * r` where the target is `r` above the output, `(1 - q) * r` where it is below: least where a share `q` of the targets is
 * below the output. Koenker & Bassett, Econometrica 46 (1978), 33-50.
 *
 * With several quantiles `yTrue` has shape `(nSamples,)` or `(nSamples, 1)`, `yPred` `(nSamples, nQuantiles)`.
 */
export function quantile(options: QuantileOptions = {}): Loss {
  const checked = outputsOptions("quantile", options, { q: checkQuantiles }, { q: 0.5 });
  const { q } = checked.all;
  return elementwiseLoss(checked, {
    curve: {
      value: (x, share) => tf.sub(tf.relu(x), tf.mul(share!, x)),
      slope: (x, share) => tf.sub(tf.step(x), share!),
    },
    at(yTrue, yPred, where) {
      if (typeof q === "number") return [tf.sub(yPred, numbersFor(where, yTrue, yPred)), tf.scalar(q)];
      if (yPred.shape.at(-1) !== q.length) {
        throw new ShapeError(
          `${where}: yPred must have an output for each of the ${q.length} quantiles, got ${shapeText(yPred.shape)}.`,
        );
      }
      const column = [...yPred.shape.slice(0, -1), 1];
      const isOne = yTrue.size * q.length === yPred.size;
      const target = numbersFor(where, yTrue, isOne ? tf.zeros(column) : yPred);
      return [tf.sub(yPred, target), tf.tensor1d([...q])];
    },
  });
}

function checkQuantiles(where: string, option: string, value: unknown): void {
  const list = Array.isArray(value) ? value : [value];
  for (const q of list) checkNumber(where, option, q, { above: 0, below: 1 });
  if (list.length === 0) throw new OptionError(`${where}: ${option} must hold at least one quantile, got none.`);
}
