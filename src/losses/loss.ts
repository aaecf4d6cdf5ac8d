import { OptionError } from "../core/errors.js";
import type { tf } from "../engine/tf.js";
import { binaryCrossEntropy } from "./binary-cross-entropy.js";
import { meanSquaredError } from "./mean-squared-error.js";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.js";

/** Any differentiable function of a batch; it returns one number, the mean over the samples. */
export type LossFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

/**
 * A loss by name. `"crossEntropy"`: one class of several, labels 0, 1, ...; `"binaryCrossEntropy"`: yes or no;
 * `"meanSquaredError"`: numbers. The cross-entropies take what the last layer gives without an activation (logits).
 */
export type LossName = "crossEntropy" | "binaryCrossEntropy" | "meanSquaredError";

/** The losses by name. */
export const losses: Readonly<Record<LossName, LossFunction>> = {
  crossEntropy: softmaxCrossEntropy,
  binaryCrossEntropy,
  meanSquaredError,
};

/** The name if `loss` is one of ours, by name or as the function itself; otherwise `undefined`. */
export function lossName(where: string, loss: LossName | LossFunction): LossName | undefined {
  const names = Object.keys(losses) as LossName[];
  if (typeof loss === "function") return names.find((name) => losses[name] === loss);
  if (names.includes(loss)) return loss;
  const list = names.map((name) => JSON.stringify(name)).join(", ");
  throw new OptionError(`${where}: loss must be one of ${list} or a function, got ${JSON.stringify(loss)}.`);
}

/** The function that `loss` stands for. */
export function lossFunction(loss: LossName | LossFunction): LossFunction {
  return typeof loss === "function" ? loss : losses[loss];
}
