import { show } from "../core/check.js";
import { OptionError, ShapeError } from "../core/errors.js";
import { hasLayers } from "../engine/model-text.js";
import { tf } from "../engine/tf.js";
import type { Loss, LossFunction } from "../losses/loss.js";
import { isLoss } from "../losses/losses.js";
import { type Vocabulary, vocabularyOf } from "./vocabulary.js";

/** An input or output of a model. */
export interface Port {
  readonly name: string;
  /** Of one row, where null fits any size. */
  readonly shape: readonly (number | null)[];
}

export interface InputPort extends Port {
  /** What its numbers stand for, if they are looked up. */
  readonly vocabulary: Vocabulary | null;
}

/** What training needs to know of a model. */
export interface ModelSpec {
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly Port[];
}

/** @throws OptionError or ShapeError if `model` is not one with layers. */
export function modelSpec(where: string, model: tf.LayersModel): ModelSpec {
  if (!(model instanceof tf.LayersModel)) {
    throw new OptionError(`${where}: model must be a tf.LayersModel, such as mlp(...) returns, got ${show(model)}.`);
  }
  if (!hasLayers(model)) {
    throw new ShapeError(`${where}: the model has no layers yet. Add them first.`);
  }
  const inputs = model.inputs.map((input) => ({ ...portOf(input), vocabulary: vocabularyOf(model, input) }));
  return { inputs, outputs: model.outputs.map(portOf) };
}

/** Named after its layer, and numbered if that has several outputs. */
function portOf({ sourceLayer, outputTensorIndex, shape }: tf.SymbolicTensor): Port {
  return { name: sourceLayer.name + (outputTensorIndex ? `_${outputTensorIndex}` : ""), shape: shape.slice(1) };
}

/** @throws OptionError or ShapeError if the loss does not fit the layer that ends in output number `index`. */
export function checkLossFits(where: string, model: tf.LayersModel, index: number, loss: Loss | LossFunction): void {
  if (!isLoss(loss) || loss.outputs === "numbers") return;
  const { name } = loss.config;
  const output = model.outputs[index]!;
  const last = output.sourceLayer;
  const activation = activationOf(last);
  if (activation === "softmax" || activation === "sigmoid") {
    const takes = loss.outputs === "classes" || loss.outputs === "answers" ? "logits" : loss.outputs;
    throw new OptionError(
      `${where}: loss "${name}" takes ${takes}, but the last layer "${last.name}" has activation "${activation}". Leave the activation out; predict applies it.`,
    );
  }
  const row = output.shape.slice(1);
  if (loss.outputs === "classes" && !(row.at(-1)! >= 2)) {
    throw new ShapeError(
      `${where}: loss "${name}" needs one output for each class, got outputs of shape (n, ${row.join(", ")}). Use "binaryCrossEntropy" for a yes-or-no question.`,
    );
  }
}

function activationOf(layer: tf.layers.Layer): unknown {
  const inner = (layer as { layer?: tf.layers.Layer }).layer;
  if (layer.getClassName() === "TimeDistributed" && inner !== undefined) return activationOf(inner);
  return layer.getClassName() === "Softmax" ? "softmax" : layer.getConfig().activation;
}

/** A shape as sentences write it: `28 x 28 x 1`. */
export function shapeText(shape: readonly (number | null)[]): string {
  return shape.map((size) => size ?? "any").join(" x ");
}

/** NaN if a dimension may have any size. */
export function sizeOf(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((a, b) => a * (b ?? Number.NaN), 1);
}
