import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DataError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { unknownLayerClass } from "./model-description.js";

/**
 * Opens a layers model that TensorFlow.js saved, or that its converter made from Keras: JSON, and files with the numbers
 * beside it.
 * @param path - Of the JSON file.
 */
export async function loadTensorFlowJsModel(where: string, path: string): Promise<tf.LayersModel> {
  const fail = (what: string, cause?: unknown): never => {
    throw new DataError(`${where}: ${JSON.stringify(path)} ${what}`, { cause });
  };
  const json = await readModelJson(path, fail);
  if (json?.format === "graph-model") fail("is a graph model, without layers. Open it with tf.loadGraphModel.");
  if (typeof json?.modelTopology !== "object" || !Array.isArray(json.weightsManifest)) {
    fail("is not a TensorFlow.js layers model: it has no modelTopology or no weightsManifest.");
  }
  const { model_config: model = json.modelTopology } = json.modelTopology as { model_config?: object };
  const unknown = unknownLayerClass(model);
  if (unknown !== undefined) {
    fail(
      `has a layer of the class ${JSON.stringify(unknown)}, which is not known here. Register it first, with tf.serialization.registerClass.`,
    );
  }
  const weightSpecs = tf.io.getWeightSpecs(json.weightsManifest);
  const files = json.weightsManifest.flatMap(({ paths }) => paths);
  const weightData = await readShards(dirname(path), files, fail);
  const promised = weightSpecs.reduce((sum, spec) => sum + nBytes(spec), 0);
  if (weightData.byteLength !== promised) {
    fail(`promises ${promised} bytes of weights, and its files have ${weightData.byteLength}.`);
  }
  const { modelTopology, userDefinedMetadata } = json;
  const artifacts = { modelTopology, weightSpecs, weightData, ...(userDefinedMetadata && { userDefinedMetadata }) };
  try {
    return await tf.loadLayersModel({ load: async () => artifacts });
  } catch (error) {
    return fail(`cannot be opened: ${(error as Error).message.split("\n")[0]}`, error);
  }
}

type Fail = (what: string, cause?: unknown) => never;

async function readModelJson(path: string, fail: Fail): Promise<tf.io.ModelJSON> {
  const text = await readFile(path, "utf8").catch((error) =>
    fail(
      error.code === "ENOENT"
        ? "is not there. Pass the model.json of a TensorFlow.js model or its folder."
        : `cannot be read: ${error.message}.`,
      error,
    ),
  );
  try {
    return JSON.parse(text, withoutUnusedFields);
  } catch (error) {
    return fail("is not a TensorFlow.js model: it is not JSON, or cut off.", error);
  }
}

/** Keras writes fields of an ordinary convolution for a separable one, without using them; TensorFlow.js refuses them. */
function withoutUnusedFields(_key: string, value: unknown): unknown {
  const { class_name, config } = (value ?? {}) as { class_name?: unknown; config?: object };
  if (class_name !== "SeparableConv2D" || config === undefined) return value;
  const used = Object.entries(config).filter(([field]) => !/^kernel_(initializer|regularizer|constraint)$/.test(field));
  return { ...(value as object), config: Object.fromEntries(used) };
}

async function readShards(folder: string, files: readonly string[], fail: Fail): Promise<ArrayBuffer> {
  const parts = await Promise.all(
    files.map((file) =>
      readFile(join(folder, file)).catch((error) =>
        fail(`needs the file ${JSON.stringify(file)} beside it: ${error.message}.`, error),
      ),
    ),
  );
  const { buffer } = Uint8Array.from(Buffer.concat(parts));
  return buffer;
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
