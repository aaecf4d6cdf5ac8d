import { show } from "../core/check.js";
import { OptionError, ShapeError } from "../core/errors.js";
import { hasLayers } from "../engine/model-text.js";
import { tf } from "../engine/tf.js";
import type { LossFunction, LossName } from "../losses/loss.js";

/** What training needs to know of a model: the shapes of one row of its input and output, where null fits any size. */
export interface ModelSpec {
  readonly rowShape: readonly (number | null)[];
  readonly outputShape: readonly (number | null)[];
}

/** @throws OptionError or ShapeError if `model` is not one with layers, one input and one output. */
export function modelSpec(where: string, model: tf.LayersModel): ModelSpec {
  if (!(model instanceof tf.LayersModel)) {
    throw new OptionError(`${where}: model must be a tf.LayersModel, such as mlp(...) returns, got ${show(model)}.`);
  }
  if (!hasLayers(model)) {
    throw new ShapeError(`${where}: the model has no layers yet. Add them first.`);
  }
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new ShapeError(
      `${where}: the model must have one input and one output, got ${model.inputs.length} and ${model.outputs.length}.`,
    );
  }
  return { rowShape: model.inputs[0]!.shape.slice(1), outputShape: model.outputs[0]!.shape.slice(1) };
}

/** @throws OptionError or ShapeError if the loss does not fit the last layer. */
export function checkLossFits(where: string, model: tf.LayersModel, loss: LossName | LossFunction): void {
  if (loss !== "crossEntropy" && loss !== "binaryCrossEntropy") return;
  const last = model.outputs[0]!.sourceLayer;
  const activation = last.getClassName() === "Softmax" ? "softmax" : last.getConfig().activation;
  if (activation === "softmax" || activation === "sigmoid") {
    throw new OptionError(
      `${where}: loss "${loss}" takes logits, but the last layer "${last.name}" has activation "${activation}". Leave the activation out; predict applies it.`,
    );
  }
  const { outputShape } = modelSpec(where, model);
  if (loss === "crossEntropy" && (outputShape.length !== 1 || outputShape[0]! < 2)) {
    throw new ShapeError(
      `${where}: loss "crossEntropy" needs one output for each class, got outputs of shape (n, ${outputShape.join(", ")}). Use "binaryCrossEntropy" for a yes-or-no question.`,
    );
  }
}
