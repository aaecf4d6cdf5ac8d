import { OptionError } from "../core/errors.js";
import type { tf } from "../engine/tf.js";
import type { LossFunction, LossName } from "../losses/loss.js";

/** What the outputs of a model stand for: logits of classes, logits of yes-or-no answers, or plain numbers. */
export type OutputKind = "classes" | "answers" | "numbers";

export function outputKind(loss: LossName | LossFunction): OutputKind {
  if (loss === "crossEntropy") return "classes";
  return loss === "binaryCrossEntropy" ? "answers" : "numbers";
}

/**
 * The class with the largest output of each row; with one output a row, whether it is above `threshold`.
 * @param outputs - Logits or probabilities, row after row, `nOutputs` each.
 * @param threshold - 0 for logits, 0.5 for probabilities.
 */
export function predictedClasses(outputs: ArrayLike<number>, nOutputs: number, threshold: number): Int32Array {
  const classes = new Int32Array(outputs.length / nOutputs);
  for (let row = 0; row < classes.length; row++) {
    const start = row * nOutputs;
    if (nOutputs === 1) classes[row] = outputs[start]! > threshold ? 1 : 0;
    else for (let i = 1; i < nOutputs; i++) if (outputs[start + i]! > outputs[start + classes[row]!]!) classes[row] = i;
  }
  return classes;
}

/** Notes in the model which loss it was trained with; the note is saved with the model. */
export function rememberLoss(model: tf.LayersModel, loss: LossName | LossFunction): void {
  if (typeof loss === "function") return;
  model.setUserDefinedMetadata({ ...model.getUserDefinedMetadata(), loss });
}

/** The loss that `fit` noted in the model. */
export function rememberedLoss(where: string, model: tf.LayersModel): LossName {
  const noted = (model.getUserDefinedMetadata() as { loss?: LossName } | undefined)?.loss;
  if (noted !== undefined) return noted;
  throw new OptionError(
    `${where}: what the outputs of this model mean is not known, because fit has not trained it with a named loss. Pass loss: "crossEntropy", "binaryCrossEntropy" or "meanSquaredError".`,
  );
}
