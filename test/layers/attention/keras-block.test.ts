import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, it } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";
import { layers } from "../../../src/layers/layers.js";
import { loadWeights } from "../../../src/models/load-weights.js";

// Numbers of Keras 3.15: test/reference/attention/keras-block.py.
const fixtures = new URL("../../reference/attention/fixtures/", import.meta.url);
const keras = JSON.parse(readFileSync(new URL("keras-block.json", fixtures), "utf8")) as {
  readonly tokens: number[][];
  readonly memory: number[][][];
  readonly output: number[][];
};
const weights = fileURLToPath(new URL("keras-block.safetensors", fixtures));

it("A file of Keras loads into the same layers, which then give its outputs for padded rows", async () => {
  const [tokens, memory] = [tf.input({ shape: [5] }), tf.input({ shape: [3, 6] })];
  const L = tf.layers;
  const sum = (...xs: unknown[]) => L.add().apply(xs as tf.SymbolicTensor[]) as tf.SymbolicTensor;
  let x = L.embedding({ inputDim: 9, outputDim: 6, maskZero: true }).apply(tokens) as tf.SymbolicTensor;
  x = sum(x, layers.multiHeadAttention({ heads: 2, causal: true }).apply(x));
  x = L.layerNormalization({ epsilon: 1e-5 }).apply(x) as tf.SymbolicTensor;
  x = sum(x, layers.multiHeadAttention({ heads: 3, valueSize: 4 }).apply([x, memory]));
  x = sum(x, L.dense({ units: 6 }).apply(L.dense({ units: 10, activation: "gelu" }).apply(x) as tf.SymbolicTensor));
  x = sum(x, layers.attention({ useScale: true }).apply([x, memory]));
  const pooled = L.globalAveragePooling1d().apply(x) as tf.SymbolicTensor;
  const model = tf.model({
    inputs: [tokens, memory],
    outputs: L.dense({ units: 2 }).apply(pooled) as tf.SymbolicTensor,
  });
  await loadWeights(model, weights);
  const output = model.apply([tf.tensor(keras.tokens), tf.tensor(keras.memory)]) as tf.Tensor;
  expect(tf.max(tf.abs(tf.sub(output, tf.tensor(keras.output)))).dataSync()[0]).toBeLessThan(1e-5);
});
