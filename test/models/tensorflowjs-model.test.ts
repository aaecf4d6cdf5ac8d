import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { tf } from "../../src/engine/tf.js";
import { loadModel } from "../../src/models/load-model.js";
import { saveModel } from "../../src/models/save-model.js";
import { temporaryFolder } from "./temporary-folder.js";
import { outputsOf, weightsOf } from "./tiny-models.js";

interface Case {
  readonly inputs: { readonly shape: number[]; readonly values: number[] }[];
  readonly outputs: number[][];
}

// The folder's Python script says how they were made.
const fixtures = fileURLToPath(new URL("../reference/models/fixtures/tensorflowjs/", import.meta.url));
const cases: Record<string, Case> = JSON.parse(readFileSync(join(fixtures, "cases.json"), "utf8"));

function worstDifference(model: tf.LayersModel, { inputs, outputs }: Case): number {
  const tensors = inputs.map(({ shape, values }) => tf.tensor(values, shape));
  const found = [model.predict(tensors.length === 1 ? tensors[0]! : tensors)].flat();
  const differences = found.flatMap((output, i) =>
    Array.from(output.dataSync(), (value, j) => Math.abs(value - outputs[i]![j]!)),
  );
  return differences.length === outputs.flat().length ? Math.max(...differences) : Number.NaN;
}

describe("a TensorFlow.js model that the converter made from Keras gives the outputs of Keras", () => {
  it.each([
    ["image", "in three shards, with batch normalisation and a separable and a depthwise convolution", 1e-6],
    ["text", "with two inputs and outputs, an embedding, a bidirectional LSTM and a GRU", 1e-6],
    ["image-float16", "with weights of half precision", 1e-3],
  ])("%s: %s", async (name, _, tolerance) => {
    expect(worstDifference(await loadModel(join(fixtures, name)), cases[name]!)).toBeLessThan(tolerance);
    expect(worstDifference(await loadModel(join(fixtures, name, "model.json")), cases[name]!)).toBeLessThan(tolerance);
  });

  it("can be saved in the format of this library, with the same weights and outputs", async () => {
    const model = await loadModel(join(fixtures, "text"));
    const path = join(temporaryFolder(), "text.safetensors");
    await saveModel(model, path);
    const again = await loadModel(path);
    expect(weightsOf(again)).toEqual(weightsOf(model));
    expect(outputsOf(again)).toEqual(outputsOf(model));
  });

  it("opens what TensorFlow.js itself saves, with the state of its optimizer left out", async () => {
    const model = tf.sequential({
      layers: [tf.layers.lstm({ units: 3, inputShape: [4, 2] }), tf.layers.dense({ units: 1 })],
    });
    model.compile({ optimizer: "adam", loss: "meanSquaredError" });
    await model.fit(tf.ones([4, 4, 2]), tf.ones([4, 1]), { verbose: 0 });
    const folder = temporaryFolder();
    const save = async ({ modelTopology, weightSpecs, weightData, trainingConfig }: tf.io.ModelArtifacts) => {
      const weightsManifest = [{ paths: ["weights.bin"], weights: weightSpecs }];
      writeFileSync(join(folder, "model.json"), JSON.stringify({ modelTopology, trainingConfig, weightsManifest }));
      writeFileSync(join(folder, "weights.bin"), new Uint8Array(weightData as ArrayBuffer));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" as const } };
    };
    await model.save({ save }, { includeOptimizer: true });
    const loaded = await loadModel(folder);
    expect(outputsOf(loaded)).toEqual(outputsOf(model));
    expect(loaded.toJSON(null, false)).toEqual(model.toJSON(null, false));
  });

  it("keeps the notes that TensorFlow.js saved with it", async () => {
    const folder = temporaryFolder();
    cpSync(join(fixtures, "image"), folder, { recursive: true });
    const json = JSON.parse(readFileSync(join(folder, "model.json"), "utf8"));
    writeFileSync(join(folder, "model.json"), JSON.stringify({ ...json, userDefinedMetadata: { labels: ["a"] } }));
    expect((await loadModel(folder)).getUserDefinedMetadata()).toEqual({ labels: ["a"] });
  });
});

describe("loadModel says in one sentence what is wrong with a TensorFlow.js model", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = temporaryFolder();
    path = join(folder, "model.json");
    cpSync(join(fixtures, "image"), folder, { recursive: true });
  });

  const rewrite = (from: string, to: string) => writeFileSync(path, readFileSync(path, "utf8").replaceAll(from, to));

  it.each<[string, () => void, string]>([
    ["no model.json", () => rmSync(path), "is not there. Pass the model.json of a TensorFlow.js model or its folder."],
    ["a cut model.json", () => truncateSync(path, 100), "is not a TensorFlow.js model: it is not JSON, or cut off."],
    [
      "another JSON",
      () => writeFileSync(path, "[1]"),
      "is not a TensorFlow.js layers model: it has no modelTopology or no weightsManifest.",
    ],
    [
      "null",
      () => writeFileSync(path, "null"),
      "is not a TensorFlow.js layers model: it has no modelTopology or no weightsManifest.",
    ],
    [
      "a graph model",
      () => rewrite('"layers-model"', '"graph-model"'),
      "is a graph model, without layers. Open it with tf.loadGraphModel.",
    ],
    [
      "a missing shard",
      () => rmSync(join(folder, "group1-shard2of3.bin")),
      'needs the file "group1-shard2of3.bin" beside it: ',
    ],
    [
      "a cut shard",
      () => truncateSync(join(folder, "group1-shard2of3.bin"), 40),
      "promises 2504 bytes of weights, and its files have 1544.",
    ],
    [
      "an unknown layer",
      () => rewrite('"SeparableConv2D"', '"Mystery"'),
      'has a layer of the class "Mystery", which is not known here. Register it first, with tf.serialization.registerClass.',
    ],
    ["a weight of another name", () => rewrite('"dense/bias"', '"dense/offset"'), 'has no weights for "dense/bias".'],
    ["a layer that cannot be built", () => rewrite('"units": 3', '"units": -3'), "cannot be built: "],
  ])("%s", async (_, damage, message) => {
    damage();
    const before = tf.memory().numTensors;
    await expect(loadModel(folder)).rejects.toThrow(`loadModel: ${JSON.stringify(path)} ${message}`);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("a weight of another shape, with both shapes", async () => {
    rewrite('"shape": [150, 3]', '"shape": [3, 150]');
    const before = tf.memory().numTensors;
    await expect(loadModel(folder)).rejects.toThrow(
      `loadModel: the weight "dense/kernel" has shape [150,3], and "dense/kernel" of ${JSON.stringify(path)} has [3,150].`,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
