import { Matrix } from "../core/matrix.js";
import type { Step } from "../engine/graph/trace.js";
import { tf } from "../engine/tf.js";
import { type LossName, lossName } from "../losses/loss.js";
import { type BatchValues, Inference } from "./inference.js";
import { modelSpec } from "./model-spec.js";
import type { Numbers } from "./number-block.js";
import { type OutputKind, outputKind, predictedClasses, rememberedLoss } from "./output-kind.js";
import { checkRows } from "./samples.js";

export interface PredictOptions {
  /** Says what the outputs mean. @default the loss that fit trained the model with */
  readonly loss?: LossName;
}

/**
 * What the model says of each row of `x`: a probability for each class (each row with sum 1), the probability of yes, or
 * the predicted numbers, shape `(nSamples, nOutputs)`.
 */
export async function predict(model: tf.LayersModel, x: Numbers, options: PredictOptions = {}): Promise<Matrix> {
  const kind = kindOf("predict", model, options);
  const { values, nRows } = await outputsOf("predict", model, x, kind);
  return new Matrix(values, nRows, values.length / nRows);
}

/**
 * The class of each row of `x`: the most probable one, or for a model with one output whether yes (1) or no (0).
 */
export async function predictClasses(
  model: tf.LayersModel,
  x: Numbers,
  options: PredictOptions = {},
): Promise<Int32Array> {
  const kind = kindOf("predictClasses", model, options);
  const { values, nRows } = await outputsOf("predictClasses", model, x, kind);
  return predictedClasses(values, values.length / nRows, kind === "answers" ? 0.5 : 0);
}

function kindOf(where: string, model: tf.LayersModel, { loss }: PredictOptions): OutputKind {
  modelSpec(where, model);
  return outputKind(loss === undefined ? rememberedLoss(where, model) : lossName(where, loss)!);
}

/** Outputs with the activation that belongs to their kind, row after row. */
async function outputsOf(where: string, model: tf.LayersModel, x: Numbers, kind: OutputKind) {
  const block = checkRows(`${where}: x`, x, modelSpec(where, model));
  const nRows = block.shape[0]!;
  const step: Step = ([rows]) => ({ outputs: activate(model.apply(rows!, { training: false }) as tf.Tensor, kind) });
  const inference = new Inference(step, [block]);
  let values = new Float32Array();
  const take = (batch: Int32Array, { outputs }: BatchValues) => {
    const rowSize = outputs!.length / batch.length;
    if (batch[0] === 0) values = new Float32Array(rowSize * nRows);
    values.set(outputs!, rowSize * batch[0]!);
  };
  try {
    await inference.run(take);
    return { values, nRows };
  } finally {
    inference.dispose();
  }
}

function activate(outputs: tf.Tensor, kind: OutputKind): tf.Tensor {
  if (kind === "classes") return tf.softmax(outputs);
  return kind === "answers" ? tf.sigmoid(outputs) : outputs;
}
