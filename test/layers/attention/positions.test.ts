import { readFileSync } from "node:fs";

import { describe, expect, it } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";
import { rotary } from "../../../src/layers/attention/rotary.js";
import { layers } from "../../../src/layers/layers.js";

// Numbers of PyTorch: test/reference/attention/torch-rotary.py.
const file = new URL("../../reference/attention/fixtures/torch-rotary.json", import.meta.url);
const torch = JSON.parse(readFileSync(file, "utf8")) as {
  readonly shape: number[];
  readonly x: number[];
  readonly pull: number[];
  readonly output: number[];
  readonly gradient: number[];
};

function expectClose(got: tf.Tensor, expected: readonly number[]) {
  const values = got.dataSync();
  expect(values).toHaveLength(expected.length);
  expect(Math.max(...expected.map((value, i) => Math.abs(value - values[i]!)))).toBeLessThan(1e-5);
}

describe("rotary positions", () => {
  it("turn pairs as complex numbers of PyTorch do, and so do their gradients", () => {
    const x = tf.tensor(torch.x, torch.shape);
    expectClose(rotary(x), torch.output);
    const gradient = tf.grad((y) => tf.sum(tf.mul(rotary(y), tf.tensor(torch.pull, torch.shape))))(x);
    expectClose(gradient, torch.gradient);
  });

  it("let a query and a key know only how far they are apart", () => {
    const [q, k] = [1, 2].map((seed) => tf.tile(tf.randomNormal([1, 1, 1, 8], 0, 1, "float32", seed), [1, 1, 6, 1]));
    const products = tf.matMul(rotary(q!), rotary(k!), false, true).arraySync() as number[][][][];
    const at = products[0]![0]!;
    for (let i = 1; i < 6; i++) for (let j = 1; j < 6; j++) expect(at[i]![j]).toBeCloseTo(at[i - 1]![j - 1]!, 4);
    expect(at[0]![3]).not.toBeCloseTo(at[3]![0]!, 2);
  });

  it("need an even keySize", () => {
    const layer = layers.multiHeadAttention({ heads: 2, positions: "rotary", name: "look" });
    expect(() => layer.apply(tf.input({ shape: [4, 6] }))).toThrow(
      "look: rotary positions turn pairs, so keySize must be even, got 3.",
    );
  });
});

describe("sinusoidal positions", () => {
  it("are sines and cosines of the paper", () => {
    const y = layers.sinusoidalPositions().apply(tf.zeros([1, 3, 4])) as tf.Tensor;
    const row = (t: number) => [Math.sin(t), Math.cos(t), Math.sin(t / 100), Math.cos(t / 100)];
    expectClose(y, [0, 1, 2].flatMap(row));
  });
});

describe("learned positions", () => {
  it("are added to each step", () => {
    const layer = layers.positionEmbedding({ length: 3 });
    const y = layer.apply(tf.ones([2, 2, 4])) as tf.Tensor;
    const [table] = layer.getWeights() as [tf.Tensor];
    expect(table.shape).toEqual([3, 4]);
    const rows = Array.from(table.dataSync().slice(0, 8), (value) => value + 1);
    expectClose(y, [...rows, ...rows]);
  });

  it("refuse a longer sequence when the model is built", () => {
    const layer = layers.positionEmbedding({ length: 3, name: "where" });
    expect(() => layer.apply(tf.input({ shape: [4, 2] }))).toThrow(
      "where: knows 3 positions, got a sequence of 4 steps. Pass length: 4 or shorten the sequences.",
    );
  });

  it("come with an embedding of tokens", () => {
    const x = tf.input({ shape: [3] });
    const y = layers.tokenAndPositionEmbedding({ vocabulary: 5, length: 3, size: 2 })(x);
    const model = tf.model({ inputs: x, outputs: y });
    expect(y.shape).toEqual([null, 3, 2]);
    expect(model.countParams()).toBe(5 * 2 + 3 * 2);
  });
});

describe("a reversible embedding", () => {
  it("gives vectors of tokens and products with them", () => {
    const layer = layers.reversibleEmbedding({ inputDim: 3, outputDim: 2 });
    layer.apply(tf.tensor([[0]]));
    layer.setWeights([
      tf.tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    ]);
    expectClose(layer.apply(tf.tensor([[2, 0]])) as tf.Tensor, [5, 6, 1, 2]);
    expectClose(layer.apply(tf.tensor([[[1, -1]]])) as tf.Tensor, [-1, -1, -1]);
  });
});
