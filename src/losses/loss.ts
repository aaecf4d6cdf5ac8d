import { OptionError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { binaryCrossEntropy } from "./binary-cross-entropy.js";
import { meanSquaredError } from "./mean-squared-error.js";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.js";

export type OutputKind = "classes" | "answers" | "scores" | "rates" | "numbers";
export type TargetKind = "classes" | "answers" | "counts" | "numbers" | "groups" | "sequences";
export type Reduction = "mean" | "weightedMean" | "sum";
export type LossFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;
export interface LossConfig {
  readonly name: LossName;
  readonly options: Readonly<Record<string, unknown>>;
}
export interface Loss {
  (yTrue: tf.Tensor, yPred: tf.Tensor, weights?: tf.Tensor): tf.Scalar;
  readonly config: LossConfig;
  readonly outputs: OutputKind;
  readonly targets: TargetKind;
  each(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor;
}
function make(name: string, f: LossFunction, outputs: OutputKind) {
  return (_options: object = {}): Loss =>
    Object.assign((a: tf.Tensor, b: tf.Tensor, w?: tf.Tensor) => {
      const loss = f(a, b);
      return (w ? tf.mean(tf.mul(loss, w)) : loss) as tf.Scalar;
    }, { config: { name, options: {} } as LossConfig, outputs, targets: outputs as TargetKind, each: f });
}
export const losses = {
  crossEntropy: make("crossEntropy", softmaxCrossEntropy, "classes"),
  binaryCrossEntropy: make("binaryCrossEntropy", binaryCrossEntropy, "answers"),
  meanSquaredError: make("meanSquaredError", meanSquaredError, "numbers"),
};
export type LossName = keyof typeof losses;
export function isLoss(value: unknown): value is Loss {
  return typeof value === "function" && "config" in value && "each" in value;
}
export function lossOf(where: string, loss: LossName | LossConfig | Loss): Loss {
  if (isLoss(loss)) return loss;
  const name = typeof loss === "string" ? loss : loss.name;
  const factory = losses[name];
  if (factory) return factory();
  throw new OptionError(`${where}: loss must be one of ${Object.keys(losses).join(", ")}, got ${String(loss)}.`);
}
export function classWeights(_y: ArrayLike<number>, _scheme: string): Record<string, number> {
  return {};
}
