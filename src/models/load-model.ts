import { stat } from "node:fs/promises";
import { join } from "node:path";
import { show } from "../core/check.js";
import { DataError, OptionError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { refuseKerasFile } from "./keras-file.js";
import { buildModel, type ModelDescription, unknownLayerClass } from "./model-description.js";
import { modelFormat, modelVersion } from "./model-format.js";
import { distinctWeights } from "./model-weights.js";
import { readSafetensors, type StoredArrays } from "./safetensors.js";
import { type Assignment, checkShapes, setWeights } from "./set-weights.js";
import { loadTensorFlowJsModel } from "./tensorflowjs-model.js";

const where = "loadModel";

/**
 * Opens a model: a file of {@link saveModel}, or a TensorFlow.js layers model (its `model.json`, or the folder of it).
 * Notes that were saved with it are in `model.getUserDefinedMetadata()`.
 *
 * Own layer classes must be registered first, with `tf.serialization.registerClass`. A TensorFlow.js model comes without
 * its compiled optimizer. Weights from Keras: build the same layers and call {@link loadWeights}.
 *
 * @example
 * const model = await loadModel("models/iris.safetensors");
 * predict(model, test.x);
 */
export async function loadModel(path: string): Promise<tf.LayersModel> {
  if (typeof path !== "string") throw new OptionError(`${where}: path must be a text, got ${show(path)}.`);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new DataError(`${where}: there is no file ${JSON.stringify(path)} (looked in ${process.cwd()}).`);
  }
  if (found.isDirectory()) return loadTensorFlowJsModel(where, join(path, "model.json"));
  if (path.endsWith(".json")) return loadTensorFlowJsModel(where, path);
  await refuseKerasFile(where, path);
  return modelOf(path, await readSafetensors(path, where));
}

function modelOf(path: string, { arrays, metadata }: StoredArrays): tf.LayersModel {
  const fail = (what: string): never => {
    throw new DataError(`${where}: ${JSON.stringify(path)} ${what}`);
  };
  if (metadata.format !== modelFormat) {
    fail("holds weights but no layers. Build the model with its layers, then call loadWeights(model, path).");
  }
  if (Number(metadata.version) !== modelVersion) {
    fail(`has format version ${metadata.version}, and this Etude reads ${modelVersion}. Update etude-ml.`);
  }
  const description = parsed(metadata.model) ?? fail("says nothing about its layers that can be read.");
  const unknown = unknownLayerClass(description);
  if (unknown !== undefined) {
    fail(
      `has a layer of the class ${JSON.stringify(unknown)}, which is not known here. Run the cell that defines it, with tf.serialization.registerClass(${unknown}), first.`,
    );
  }
  const model = built(path, description);
  try {
    const expected = [...distinctWeights(model)];
    const assignments = expected.map(([name, variable]): Assignment => {
      const array = arrays.get(name) ?? fail(`has no weights for ${JSON.stringify(name)}.`);
      return { name, variable, source: name, array };
    });
    if (arrays.size > assignments.length) {
      const known = new Set(expected.map(([key]) => key));
      fail(`has weights for ${JSON.stringify([...arrays.keys()].find((key) => !known.has(key)))}, which no layer has.`);
    }
    checkShapes(where, path, assignments);
    setWeights(assignments);
    model.setUserDefinedMetadata(JSON.parse(metadata.metadata ?? "{}"));
    return model;
  } catch (error) {
    tf.dispose(model.weights.map((weight) => weight.read())); // model.dispose() forgets shared layers
    throw error;
  }
}

function parsed(text: string | undefined): ModelDescription | undefined {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

function built(path: string, description: ModelDescription): tf.LayersModel {
  try {
    return buildModel(description);
  } catch (error) {
    const message = (error as Error).message.split("\n")[0];
    throw new DataError(`${where}: the model in ${JSON.stringify(path)} cannot be built: ${message}`, { cause: error });
  }
}
