import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../../src/core/random.js";
import { tf } from "../../../src/engine/tf.js";
import { layers } from "../../../src/layers/layers.js";
import { loadModel } from "../../../src/models/load-model.js";
import { saveModel } from "../../../src/models/save-model.js";

type Symbolic = tf.SymbolicTensor;
type Apply = (...x: Symbolic[]) => unknown;

/** Each layer on inputs of 4 steps of 4 features, and on 3 of 4 if it takes two. */
const cases: readonly (readonly [name: string, inputs: number, apply: Apply])[] = [
  ["self-attention", 1, (x) => layers.multiHeadAttention({ heads: 2 }).apply(x)],
  ["causal self-attention", 1, (x) => layers.multiHeadAttention({ heads: 2, causal: true, keySize: 3 }).apply(x)],
  ["rotary self-attention", 1, (x) => layers.multiHeadAttention({ heads: 2, positions: "rotary" }).apply(x)],
  ["cross-attention", 2, (x, y) => layers.multiHeadAttention({ heads: 2, valueSize: 3 }).apply([x!, y!])],
  ["grouped", 1, (x) => layers.groupedQueryAttention({ queryHeads: 4, keyHeads: 2, headSize: 2 }).apply(x)],
  ["dot attention", 2, (x, y) => layers.attention({ useScale: true }).apply([x!, y!])],
  ["additive attention", 2, (x, y) => layers.additiveAttention().apply([x!, y!])],
  ["sinusoidal positions", 1, (x) => layers.sinusoidalPositions().apply(x)],
  ["learned positions", 1, (x) => layers.positionEmbedding({ length: 5 }).apply(x)],
  ["an encoder block", 1, (x) => layers.transformerEncoder({ heads: 2, feedForward: 5, dropout: 0.1 })(x!)],
  ["an encoder block that normalises later", 1, (x) => layers.transformerEncoder({ heads: 2, preNorm: false })(x!)],
  ["a decoder block", 1, (x) => layers.transformerDecoder({ heads: 2, feedForward: 5 })(x!)],
  ["a decoder block with memory", 2, (x, y) => layers.transformerDecoder({ heads: 2, feedForward: 5 })(x!, y)],
];

function modelOf(count: number, apply: Apply) {
  const inputs = [4, 3].slice(0, count).map((steps) => tf.input({ shape: [steps, 4] }));
  const model = tf.model({ inputs, outputs: apply(...inputs) as Symbolic });
  const random = RandomStream.of(3, "data");
  const draw = (shape: tf.Shape) => {
    const values = new Float32Array(tf.util.sizeFromShape(shape as number[]));
    random.fillNormal(values);
    return tf.tensor(values, shape as number[]);
  };
  tf.tidy(() => model.setWeights(model.weights.map(({ shape }) => tf.mul(draw(shape), 0.5))));
  return { model, xs: inputs.map(({ shape }) => draw([2, ...shape.slice(1)])), draw };
}

describe.each(cases)("%s", (_, count, apply) => {
  it("is saved and loaded bit by bit", async () => {
    const { model, xs } = modelOf(count, apply);
    const path = join(await mkdtemp(join(tmpdir(), "etude-attention-")), "model.safetensors");
    await saveModel(model, path);
    const loaded = await loadModel(path);
    const outputs = [model, loaded].map((one) => (one.apply(xs.length === 1 ? xs[0]! : xs) as tf.Tensor).dataSync());
    expect(outputs[1]).toEqual(outputs[0]);
    expect(loaded.toJSON(null, false)).toEqual(model.toJSON(null, false));
  });

  it("has the gradients of finite differences", () => {
    const { model, xs, draw } = modelOf(count, apply);
    const outputs = model.apply(xs.length === 1 ? xs[0]! : xs) as tf.Tensor;
    const pull = draw(outputs.shape);
    const loss = () =>
      tf.tidy(() => tf.sum(tf.mul(model.apply(xs.length === 1 ? xs[0]! : xs) as tf.Tensor, pull)) as tf.Scalar);
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    if (variables.length === 0) return;
    const { grads } = tf.variableGrads(loss, variables);
    for (const variable of variables) {
      const own = variable.dataSync().slice();
      const gradient = grads[variable.name]!.dataSync();
      const at = Math.floor(own.length / 2);
      const moved = (change: number) => {
        variable.assign(
          tf.tensor(
            own.map((value, i) => (i === at ? value + change : value)),
            variable.shape,
          ),
        );
        return loss().dataSync()[0]!;
      };
      const expected = (moved(1e-2) - moved(-1e-2)) / 2e-2;
      moved(0);
      expect(Math.abs(gradient[at]! - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(2e-3);
    }
  });
});

describe("bad input of attention is one sentence:", () => {
  const x = () => tf.input({ shape: [4, 6] });
  const config = { heads: 4, name: "look" };
  it.each<readonly [string, () => unknown, string]>([
    [
      "heads that do not divide the features",
      () => layers.multiHeadAttention(config).apply(x()),
      "look: 6 features cannot be shared among 4 heads. Use a number of heads that divides 6, or pass keySize.",
    ],
    [
      "no heads",
      () => layers.multiHeadAttention({ ...config, heads: 0 }),
      "look: heads must be an integer from 1, got 0.",
    ],
    [
      "a rank",
      () => layers.multiHeadAttention(config).apply(tf.input({ shape: [6] })),
      "look: the input must be a sequence of vectors with shape (n, steps, features), got (n, 6).",
    ],
    [
      "keys of other steps than the values",
      () => layers.multiHeadAttention({ ...config, heads: 2 }).apply([x(), x(), tf.input({ shape: [5, 6] })]),
      "look: value and key must have the same steps, got (n, 4, 6) and (n, 5, 6).",
    ],
    [
      "a mask that does not fit",
      () =>
        layers
          .multiHeadAttention({ ...config, heads: 2, attentionMask: true })
          .apply([x(), tf.input({ shape: [4, 5] })]),
      "look: the mask must have shape (n, 4) or (n, 4, 4), got (n, 4, 5).",
    ],
    [
      "four inputs",
      () => layers.multiHeadAttention(config).apply([x(), x(), x(), x()]),
      "look: takes x, [query, value] or [query, value, key], got 4 inputs.",
    ],
    [
      "one input for dot attention",
      () => layers.attention({ name: "look" }).apply(x()),
      "look: takes [query, value] or [query, value, key], got 1 inputs.",
    ],
    [
      "features that differ in dot attention",
      () => layers.attention({ name: "look" }).apply([x(), tf.input({ shape: [4, 5] })]),
      "look: query and key must have the same number of features, got 6 and 5. Project one with a dense layer.",
    ],
    [
      "dropout of all",
      () => layers.multiHeadAttention({ ...config, dropout: 1 }),
      "look: dropout must be a number from 0 and below 1, got 1.",
    ],
    [
      "groups that do not fit",
      () => layers.groupedQueryAttention({ queryHeads: 3, keyHeads: 2, headSize: 2, name: "look" }),
      "look: queryHeads must be a multiple of keyHeads, got 3 and 2.",
    ],
  ])("%s", (_, run, sentence) => {
    expect(run).toThrow(sentence);
  });
});

it("A seeded initializer gives each kernel numbers of its own", () => {
  const kernelInitializer = tf.initializers.randomNormal({ seed: 5 });
  const layer = layers.multiHeadAttention({ heads: 1, kernelInitializer, useBias: false });
  layer.apply(tf.zeros([1, 2, 4]));
  const first = layer.getWeights().map((kernel) => kernel.dataSync()[0]);
  expect(new Set(first).size).toBe(4);
});

it("Dropout leaves out attention while it trains, and not in use", () => {
  const layer = layers.multiHeadAttention({ heads: 2, dropout: 0.5 });
  const x = tf.randomNormal([2, 6, 4], 0, 1, "float32", 3);
  const [used, again, trained] = [{}, {}, { training: true }].map((how) => layer.apply(x, how) as tf.Tensor);
  expect(again!.dataSync()).toEqual(used!.dataSync());
  expect(trained!.dataSync()).not.toEqual(used!.dataSync());
});
