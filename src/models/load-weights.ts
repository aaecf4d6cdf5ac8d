import { show } from "../core/check.js";
import { DataError, OptionError, ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { refuseKerasFile } from "./keras-file.js";
import { kerasAssignments, kerasFormat } from "./keras-weights.js";
import { modelFormat } from "./model-format.js";
import { distinctWeights } from "./model-weights.js";
import { readSafetensors, type StoredArrays } from "./safetensors.js";
import { type Assignment, checkShapes, setWeights } from "./set-weights.js";

const where = "loadWeights";

/**
 * Sets the weights of `model` from a file: one of {@link saveModel}, or one that the script `keras-to-safetensors.py` of
 * this package made from a model of Keras. The model needs the same layers; their names may differ. Any other safetensors
 * file must name its arrays as `model` does, `layer/kernel`.
 *
 * Keras' `LSTM` and `GRU` have other defaults than TensorFlow.js: pass `recurrentActivation: "sigmoid"`, and to a `GRU`
 * `resetAfter: true`.
 *
 * @throws ShapeError with the first layer that does not fit; the model keeps all its weights then.
 */
export async function loadWeights(model: tf.LayersModel, path: string): Promise<void> {
  if (!(model instanceof tf.LayersModel)) {
    throw new OptionError(`${where}: model must be a tf.LayersModel, got ${show(model)}.`);
  }
  await refuseKerasFile(where, path);
  const stored = await readSafetensors(path, where);
  const assignments =
    stored.metadata.format === kerasFormat
      ? kerasAssignments(where, path, model, stored)
      : assignmentsOf(path, model, stored);
  checkShapes(where, path, assignments);
  setWeights(assignments);
}

function assignmentsOf(path: string, model: tf.LayersModel, { arrays, metadata }: StoredArrays): Assignment[] {
  const weights = [...distinctWeights(model)];
  const missing = weights.find(([key]) => !arrays.has(key));
  if (missing === undefined && weights.length === arrays.size) {
    return weights.map(([name, variable]) => ({ name, variable, source: name, array: arrays.get(name)! }));
  }
  if (metadata.format !== modelFormat) {
    const names = [...arrays.keys()].slice(0, 3).map((name) => JSON.stringify(name));
    const wanted = missing === undefined ? "more arrays than the model" : `no ${JSON.stringify(missing[0])}`;
    throw new DataError(
      `${where}: ${JSON.stringify(path)} has ${wanted}. It has ${arrays.size} arrays, such as ${names.join(", ")}, and they must be named as the weights of the model.`,
    );
  }
  // A cell that ran again gives the layers other names, so those of a whole model are taken in their order.
  if (weights.length !== arrays.size) {
    throw new ShapeError(
      `${where}: the model has ${weights.length} weights, and ${JSON.stringify(path)} has ${arrays.size}. Build the model with the same layers, or use loadModel.`,
    );
  }
  const inOrder = [...arrays];
  return weights.map(([name, variable], i) => ({ name, variable, source: inOrder[i]![0], array: inOrder[i]![1] }));
}
