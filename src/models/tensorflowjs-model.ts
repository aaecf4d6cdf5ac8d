import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DataError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { buildLayers, type ModelDescription, unknownLayerClass } from "./model-description.js";
import type { StoredArray } from "./safetensors.js";
import { type Assignment, checkShapes, setWeights } from "./set-weights.js";

type Fail = (what: string, cause?: unknown) => never;

/**
 * Opens a layers model that TensorFlow.js saved, or that its converter made from Keras: JSON, and files with the numbers
 * beside it.
 * @param path - Of the JSON file.
 */
export async function loadTensorFlowJsModel(where: string, path: string): Promise<tf.LayersModel> {
  const fail: Fail = (what, cause) => {
    throw new DataError(`${where}: ${JSON.stringify(path)} ${what}`, { cause });
  };
  const json = await readModelJson(path, fail);
  const arrays = await readWeights(path, json, fail);
  const model = await buildModel(json, fail);
  try {
    const assignments = assignmentsOf(model, arrays, fail);
    checkShapes(where, path, assignments);
    setWeights(assignments);
    if (json.userDefinedMetadata) model.setUserDefinedMetadata(json.userDefinedMetadata);
    return model;
  } catch (error) {
    tf.dispose(model.weights.map((weight) => weight.read())); // model.dispose() forgets shared layers
    throw error;
  }
}

async function readModelJson(path: string, fail: Fail): Promise<tf.io.ModelJSON> {
  const text = await readFile(path, "utf8").catch((error) =>
    fail(
      error.code === "ENOENT"
        ? "is not there. Pass the model.json of a TensorFlow.js model or its folder."
        : `cannot be read: ${error.message}.`,
      error,
    ),
  );
  let json: tf.io.ModelJSON;
  try {
    json = JSON.parse(text, withoutUnusedFields);
  } catch (error) {
    return fail("is not a TensorFlow.js model: it is not JSON, or cut off.", error);
  }
  if (json?.format === "graph-model") fail("is a graph model, without layers. Open it with tf.loadGraphModel.");
  if (typeof json?.modelTopology !== "object" || !Array.isArray(json.weightsManifest)) {
    fail("is not a TensorFlow.js layers model: it has no modelTopology or no weightsManifest.");
  }
  return json;
}

/** Keras writes fields of an ordinary convolution for a separable one, without using them; TensorFlow.js refuses them. */
function withoutUnusedFields(_key: string, value: unknown): unknown {
  const { class_name, config } = (value ?? {}) as { class_name?: unknown; config?: object };
  if (class_name !== "SeparableConv2D" || config === undefined) return value;
  const used = Object.entries(config).filter(([field]) => !/^kernel_(initializer|regularizer|constraint)$/.test(field));
  return { ...(value as object), config: Object.fromEntries(used) };
}

/** The weights of the model by name; those of an optimizer are left out. */
async function readWeights(path: string, json: tf.io.ModelJSON, fail: Fail): Promise<Map<string, StoredArray>> {
  const specs = tf.io.getWeightSpecs(json.weightsManifest);
  const files = json.weightsManifest.flatMap(({ paths }) => paths);
  const parts = await Promise.all(
    files.map((file) =>
      readFile(join(dirname(path), file)).catch((error) =>
        fail(`needs the file ${JSON.stringify(file)} beside it: ${error.message}.`, error),
      ),
    ),
  );
  const { buffer } = Uint8Array.from(Buffer.concat(parts));
  const promised = specs.reduce((sum, spec) => sum + nBytes(spec), 0);
  if (buffer.byteLength !== promised) {
    fail(`promises ${promised} bytes of weights, and its files have ${buffer.byteLength}.`);
  }
  const tensors = tf.io.decodeWeights(buffer, specs);
  const arrays = specs.map(({ name, group }) => {
    const { shape, dtype } = tensors[name]!;
    return { name, group, array: { data: tensors[name]!.dataSync(), shape, isBool: dtype === "bool" } };
  });
  tf.dispose(tensors);
  return new Map(arrays.flatMap(({ name, group, array }) => (group === "optimizer" ? [] : [[name, array] as const])));
}

function nBytes({ shape, dtype, quantization }: tf.io.WeightsManifestEntry): number {
  const sizes: Record<string, number> = {
    float32: 4,
    int32: 4,
    bool: 1,
    complex64: 8,
    float16: 2,
    uint8: 1,
    uint16: 2,
  };
  return shape.reduce((product, size) => product * size, 1) * (sizes[quantization?.dtype ?? dtype] ?? 0);
}

async function buildModel(json: tf.io.ModelJSON, fail: Fail): Promise<tf.LayersModel> {
  const { model_config: description = json.modelTopology } = json.modelTopology as { model_config?: object };
  const unknown = unknownLayerClass(description);
  if (unknown !== undefined) {
    fail(
      `has a layer of the class ${JSON.stringify(unknown)}, which is not known here. Register it first, with tf.serialization.registerClass.`,
    );
  }
  try {
    return await tf.models.modelFromJSON({ class_name: PythonModel.className, config: description } as never);
  } catch (error) {
    return fail(`cannot be built: ${(error as Error).message.split("\n")[0]}`, error);
  }
}

/** Stands around a model in Python's spelling, so that TensorFlow.js respells it and leaves the building to us. */
class PythonModel extends tf.serialization.Serializable {
  static readonly className = "EtudePythonModel";

  getConfig(): tf.serialization.ConfigDict {
    return {};
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    _class: tf.serialization.SerializableConstructor<T>,
    description: tf.serialization.ConfigDict,
  ): T {
    return buildLayers(description as unknown as ModelDescription) as unknown as T;
  }
}
tf.serialization.registerClass(PythonModel);

function assignmentsOf(model: tf.LayersModel, arrays: ReadonlyMap<string, StoredArray>, fail: Fail): Assignment[] {
  const sources = new Map([...arrays.keys()].map((name) => [name, name]));
  // Since 2.2, TensorFlow has the cell of a recurrent layer in the name: lstm/lstm_cell/kernel.
  for (const name of arrays.keys()) {
    const short = name.split("/").toSpliced(-2, 1).join("/");
    if (!sources.has(short)) sources.set(short, name);
  }
  const assignments = [...new Set(model.weights)].map((variable): Assignment => {
    const name = variable.originalName;
    const source = sources.get(name) ?? fail(`has no weights for ${JSON.stringify(name)}.`);
    return { name, variable, source, array: arrays.get(source)! };
  });
  const used = new Set(assignments.map(({ source }) => source));
  const unused = [...arrays.keys()].find((name) => !used.has(name));
  if (unused !== undefined) fail(`has weights for ${JSON.stringify(unused)}, which no layer has.`);
  if (used.size < assignments.length)
    fail("has two layers with the same name of weights, so that they cannot be told apart.");
  return assignments;
}
