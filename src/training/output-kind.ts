import { OptionError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import type { Loss, LossConfig, LossFunction, OutputKind } from "../losses/loss.js";
import { isLoss, type LossName, lossOf } from "../losses/losses.js";
import type { ModelSpec } from "./model-spec.js";
import { type LossChoice, type Objective, objectiveOf } from "./objective.js";

/** What the outputs of a model trained with `loss` stand for; plain numbers for a loss of the user's own. */
export function outputKind(loss: Loss | LossFunction): OutputKind {
  return isLoss(loss) ? loss.outputs : "numbers";
}

/**
 * The class with the largest output of each row; with one output a row, whether it is above `threshold`.
 * @param outputs - Logits or probabilities, row after row, `nOutputs` each.
 * @param threshold - 0 for logits and scores, 0.5 for probabilities.
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

/** Logits as probabilities, logarithms of rates as rates. */
export function activate(outputs: tf.Tensor, kind: OutputKind): tf.Tensor {
  if (kind === "classes") return tf.softmax(outputs);
  if (kind === "answers") return tf.sigmoid(outputs);
  return kind === "rates" ? tf.exp(outputs) : outputs;
}

/** What the notes of a model say of its training. */
interface Notes {
  /** By output; older files have the name of the only one. */
  readonly loss?: LossName | Readonly<Record<string, LossConfig>>;
  readonly lossWeights?: Readonly<Record<string, number>>;
}

/** Notes in the model which losses it was trained with, unless one is the user's own; the note is saved with the model. */
export function rememberLoss(model: tf.LayersModel, objective: Objective): void {
  model.setUserDefinedMetadata(notesWithLoss(model, objective));
}

/** What {@link rememberLoss} notes, beside what is noted in the model by now. */
export function notesWithLoss(model: tf.LayersModel, objective: Objective): object {
  const { loss: _loss, lossWeights: _weights, ...others } = (model.getUserDefinedMetadata() ?? {}) as Notes;
  const known = objective.outputs.flatMap(({ output, loss }) => (isLoss(loss) ? [[output, loss.config] as const] : []));
  const notes = { loss: Object.fromEntries(known), lossWeights: objective.weights() };
  return known.length === objective.outputs.length ? { ...others, ...notes } : others;
}

/** The losses that `fit` noted in the model. */
export function rememberedLoss(where: string, model: tf.LayersModel, spec: ModelSpec): Objective {
  const { loss, lossWeights } = (model.getUserDefinedMetadata() ?? {}) as Notes;
  if (loss === undefined) {
    throw new OptionError(
      `${where}: what the outputs of this model mean is not known, because fit has not trained it with a named loss. Pass loss, like "crossEntropy", "binaryCrossEntropy" or "meanSquaredError".`,
    );
  }
  const choice: LossChoice =
    typeof loss === "string"
      ? loss
      : Object.fromEntries(Object.entries(loss).map(([output, config]) => [output, lossOf(where, config)]));
  return objectiveOf(where, spec, choice, spec.outputs.length > 1 ? lossWeights : undefined);
}
