import { checkOneOf } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { Matrix } from "../core/matrix.js";
import type { Step } from "../engine/graph/trace.js";
import type { tf } from "../engine/tf.js";
import type { Loss, OutputKind } from "../losses/loss.js";
import { type LossName, lossOf } from "../losses/losses.js";
import { Inference } from "./inference.js";
import type { BatchValues } from "./measured.js";
import { type ModelSpec, modelSpec } from "./model-spec.js";
import { noteNotCompiled } from "./note-not-compiled.js";
import { activate, outputKind, predictedClasses, rememberedLoss } from "./output-kind.js";
import type { Rows } from "./rows.js";
import { checkInputs } from "./samples.js";

export interface PredictOptions {
  /** Says what the outputs mean. @default the loss that fit trained the model with */
  readonly loss?: LossName | Loss;
  /** Which output of a model that has several, by name. */
  readonly output?: string;
}

/**
 * What the model says of each row of `x`: a probability for each class (with sum 1), the probability of yes, a rate, a score,
 * or the predicted numbers, shape `(nSamples, nOutputs)`. Outputs of more axes lie in a row one after another.
 */
export async function predict(model: tf.LayersModel, x: Rows, options: PredictOptions = {}): Promise<Matrix> {
  const { values, nRows } = await outputsOf("predict", model, x, options);
  return new Matrix(values, nRows, values.length / nRows);
}

/**
 * The class of each row of `x`, or of each step of it one after another: the most probable one, or where there is one output
 * whether yes (1) or no (0).
 */
export async function predictClasses(
  model: tf.LayersModel,
  x: Rows,
  options: PredictOptions = {},
): Promise<Int32Array> {
  const { values, kind, size } = await outputsOf("predictClasses", model, x, options);
  return predictedClasses(values, kind === "answers" ? 1 : size, kind === "answers" ? 0.5 : 0);
}

function checkOutput(where: string, { outputs }: ModelSpec, output: string | undefined): number {
  const names = outputs.map(({ name }) => name);
  if (output !== undefined) return names.indexOf(checkOneOf(where, "output", output, names));
  if (names.length === 1) return 0;
  throw new OptionError(
    `${where}: the model has the outputs ${names.map((name) => `"${name}"`).join(", ")}. Choose one, like { output: "${names[0]}" }.`,
  );
}

/** Outputs with the activation that belongs to their kind, row after row. */
async function outputsOf(where: string, model: tf.LayersModel, x: Rows, { loss, output }: PredictOptions) {
  const spec = modelSpec(where, model);
  const index = checkOutput(where, spec, output);
  const trainedWith = loss ? lossOf(where, loss) : rememberedLoss(where, model, spec).outputs[index]!.loss;
  const kind: OutputKind = outputKind(trainedWith);
  const blocks = checkInputs(`${where}: x`, x, spec);
  const nRows = blocks[0]!.shape[0]!;
  const step: Step = (inputs) => {
    const outputs = [model.apply(inputs, { training: false })].flat() as tf.Tensor[];
    return { outputs: activate(outputs[index]!, kind) };
  };
  const inference = new Inference(step, blocks);
  let values = new Float32Array();
  const take = (batch: Int32Array, { outputs }: BatchValues) => {
    const rowSize = outputs!.length / batch.length;
    if (batch[0] === 0) values = new Float32Array(rowSize * nRows);
    values.set(outputs!, rowSize * batch[0]!);
  };
  try {
    await inference.run(take);
    noteNotCompiled(where, model, inference.notCompiled);
    return { values, nRows, kind, size: spec.outputs[index]!.shape.at(-1) ?? 1 };
  } finally {
    inference.dispose();
  }
}
