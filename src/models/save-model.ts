import { show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { describeModel, unknownLayerClass } from "./model-description.js";
import { modelFormat, modelVersion } from "./model-format.js";
import { distinctWeights } from "./model-weights.js";
import { plainText } from "./plain-text.js";
import { type StoredArray, writeSafetensors } from "./safetensors.js";

export interface SaveModelOptions {
  /**
   * Plain JSON to keep in the file, such as the names of the classes. `loadModel` gives it back as
   * `model.getUserDefinedMetadata()`, with what the model had there already.
   */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * Saves a model in one file: its layers, its weights bit for bit, and what `fit` noted about its outputs. The file is a
 * safetensors file, so Python's `safetensors` reads the weights from it too.
 *
 * An earlier file is replaced, whole or not at all. The optimizer's state is not saved.
 *
 * @param path - Ends in `.safetensors`; folders that are missing are made.
 * @example
 * await saveModel(run.model, "models/iris.safetensors", { metadata: { classes: ["setosa", "versicolor"] } });
 * const model = await loadModel("models/iris.safetensors");
 */
export async function saveModel(model: tf.LayersModel, path: string, options: SaveModelOptions = {}): Promise<void> {
  checkPath(path);
  checkModel(model);
  const metadata = plainText("saveModel", "metadata", { ...model.getUserDefinedMetadata(), ...options.metadata });
  const description = describeModel(model);
  const unknown = unknownLayerClass(description);
  if (unknown !== undefined) {
    throw new OptionError(
      `saveModel: the layer class ${JSON.stringify(unknown)} is not registered, so no one could load the file. Call tf.serialization.registerClass(${unknown}) first.`,
    );
  }
  const arrays = new Map<string, StoredArray>();
  // All weights are read before anything is awaited, so that they are of one training step.
  for (const [key, variable] of distinctWeights(model)) {
    const value = variable.read();
    arrays.set(key, { data: value.dataSync(), shape: value.shape, isBool: value.dtype === "bool" });
  }
  const text = {
    format: modelFormat,
    version: String(modelVersion),
    model: plainText("saveModel", "the options of a layer", description),
  };
  await writeSafetensors(path, { arrays, metadata: { ...text, metadata } }, "saveModel");
}

function checkPath(path: string): void {
  if (typeof path === "string" && path.endsWith(".safetensors")) return;
  throw new OptionError(`saveModel: path must end in ".safetensors", like "model.safetensors", got ${show(path)}.`);
}

function checkModel(model: tf.LayersModel): void {
  if (!(model instanceof tf.LayersModel)) {
    throw new OptionError(`saveModel: model must be a tf.LayersModel, got ${show(model)}. After fit, pass run.model.`);
  }
  if (!model.outputs?.length) {
    throw new OptionError("saveModel: the model has no weights yet. Add layers, and give the first one an inputShape.");
  }
  const disposed = model.weights.find((weight) => (weight as unknown as { val: tf.Variable }).val.isDisposed);
  if (disposed !== undefined) {
    throw new OptionError(`saveModel: the weights of the model are disposed. Save it before you dispose it.`);
  }
}
