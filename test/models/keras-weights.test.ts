import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { tf } from "../../src/engine/tf.js";
import { loadWeights } from "../../src/models/load-weights.js";
import { weightsOf } from "./tiny-models.js";

interface Case {
  readonly inputShape: number[];
  readonly input: number[];
  readonly outputs: number[][];
}

// The file's Python script says how it was made.
const fixture = (name: string) => fileURLToPath(new URL(`../reference/models/fixtures/keras/${name}`, import.meta.url));
const cases: Record<string, Case> = JSON.parse(readFileSync(fixture("cases.json"), "utf8"));

const { layers } = tf;

function chain(inputShape: number[], ...stack: tf.layers.Layer[]): tf.LayersModel {
  return tf.sequential({ layers: [layers.inputLayer({ inputShape }), ...stack] });
}

const lstm = (units: number, returnSequences = false) =>
  layers.lstm({ units, returnSequences, recurrentActivation: "sigmoid" }) as tf.RNN;
const gru = (units: number, returnSequences = false) =>
  layers.gru({ units, returnSequences, recurrentActivation: "sigmoid" }) as tf.RNN;

function nested(): tf.LayersModel {
  const block = chain([4], layers.dense({ units: 3, activation: "tanh" }), layers.batchNormalization());
  const x = tf.input({ shape: [4] });
  const head = layers.dense({ units: 2 });
  const side = layers.dense({ units: 3, activation: "relu" }).apply(x) as tf.SymbolicTensor;
  const y = layers.concatenate().apply([block.apply(x) as tf.SymbolicTensor, side]);
  const outputs = [head, layers.dense({ units: 1, name: "score" })].map((layer) => layer.apply(y) as tf.SymbolicTensor);
  return tf.model({ inputs: x, outputs });
}

const models: Record<string, () => tf.LayersModel> = {
  dense: () =>
    chain(
      [4],
      layers.dense({ units: 5, activation: "relu" }),
      layers.dense({ units: 5, activation: "tanh", useBias: false }),
      layers.dense({ units: 3, activation: "softmax" }),
    ),
  conv: () =>
    chain(
      [8, 8, 2],
      layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: "same", activation: "relu" }),
      layers.batchNormalization(),
      layers.conv2d({ filters: 3, kernelSize: [2, 1], dilationRate: 2, useBias: false }),
      layers.batchNormalization({ scale: false, epsilon: 0.01 }),
      layers.globalAveragePooling2d({}),
    ),
  transposed: () =>
    chain(
      [4, 4, 2],
      layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same" }),
      layers.prelu(),
      layers.layerNormalization(),
    ),
  separable: () =>
    chain(
      [8, 8, 2],
      layers.separableConv2d({ filters: 3, kernelSize: 3, depthMultiplier: 2 }),
      layers.depthwiseConv2d({ kernelSize: 3, padding: "same", depthMultiplier: 2 }),
    ),
  conv1d: () =>
    chain(
      [8, 3],
      layers.conv1d({ filters: 4, kernelSize: 3, padding: "same", dilationRate: 2, activation: "relu" }),
      layers.maxPooling1d({ poolSize: 2 }),
    ),
  embedding: () =>
    chain(
      [6],
      layers.embedding({ inputDim: 7, outputDim: 4 }),
      layers.conv1d({ filters: 3, kernelSize: 3 }),
      layers.flatten(),
      layers.dense({ units: 2 }),
    ),
  lstm: () => chain([5, 3], lstm(4, true), lstm(2)),
  gru: () => chain([5, 3], gru(4, true), gru(2)),
  rnn: () =>
    chain(
      [5, 3],
      layers.simpleRNN({ units: 4, returnSequences: true }),
      layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
    ),
  bidirectional: () =>
    chain(
      [5, 3],
      layers.bidirectional({ layer: lstm(4, true), mergeMode: "concat" }),
      layers.bidirectional({ layer: gru(2), mergeMode: "sum" }),
    ),
  nested,
};

const files = Object.keys(models).flatMap((name) => [
  [name, `${name}.safetensors`],
  [name, `${name}-h5.safetensors`],
]);

describe("weights from Keras give the outputs of Keras", () => {
  it.each([...files, ["dense", "dense-old-h5.safetensors"]])("%s: %s", async (name, file) => {
    const model = models[name]!();
    await loadWeights(model, fixture(file));
    const { input, inputShape, outputs } = cases[name]!;
    const found = [model.predict(tf.tensor(input, inputShape))].flat();
    expect(found).toHaveLength(outputs.length);
    found.forEach((output, i) => {
      const differences = output.dataSync().map((value, j) => Math.abs(value - outputs[i]![j]!));
      expect(output.size).toBe(outputs[i]!.length);
      expect(Math.max(...differences)).toBeLessThan(2e-6);
    });
  });
});

describe("a model with other layers keeps its weights and hears which layer differs", () => {
  const dense = (units: number, name: string) => layers.dense({ units, name });

  it.each<[string, () => tf.LayersModel, string, string]>([
    [
      "another size",
      () => chain([4], dense(5, "a"), layers.dense({ units: 6, name: "b", useBias: false }), dense(3, "c")),
      "dense",
      'the layer "b" (Dense) has weights [5,6], and "dense_1" of PATH has [5,5]. Build the same layers as in Keras.',
    ],
    [
      "a bias too many",
      () => chain([4], dense(5, "a"), dense(5, "b"), dense(3, "c")),
      "dense",
      'the layer "b" (Dense) has weights [5,5] [5], and "dense_1" of PATH has [5,5]. Build the same layers as in Keras.',
    ],
    [
      "a layer too few",
      () => chain([4], dense(5, "a"), layers.dense({ units: 5, name: "b", useBias: false })),
      "dense",
      'no layer of the model is left for "dense_2" of PATH, with weights [5,3] [3]. Build the same layers as in Keras.',
    ],
    [
      "a layer too many",
      () =>
        chain([4], dense(5, "a"), layers.dense({ units: 5, name: "b", useBias: false }), dense(3, "c"), dense(1, "d")),
      "dense",
      'PATH has no weights for the layer "d" (Dense). Build the same layers as in Keras.',
    ],
    [
      "a class that the file lacks",
      () => chain([8, 8, 2], layers.depthwiseConv2d({ kernelSize: 3, name: "a" })),
      "conv-h5",
      'PATH has no weights for the layer "a" (DepthwiseConv2D). Build the same layers as in Keras.',
    ],
    [
      "a GRU that TensorFlow.js cannot compute",
      () => chain([5, 3], layers.gru({ units: 4, name: "a" })),
      "gru-reset-after",
      'the layer "a" (GRU) has weights [3,12] [4,12] [12], and "gru_3" of PATH has [3,12] [4,12] [2,12]. Keras has a GRU with reset_after=True by default: make it with resetAfter: true.',
    ],
  ])("%s", async (_, build, file, message) => {
    const model = build();
    const before = weightsOf(model);
    const path = fixture(`${file}.safetensors`);
    await expect(loadWeights(model, path)).rejects.toThrow(
      `loadWeights: ${message.replace("PATH", JSON.stringify(path))}`,
    );
    expect(weightsOf(model)).toEqual(before);
  });
});
