import { describe, expect, it } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";
import { attentionScores } from "../../../src/layers/attention/attention-scores.js";
import { layers } from "../../../src/layers/layers.js";

const round = (x: tf.Tensor) => Array.from(x.dataSync(), (value) => Math.round(value * 1e5) / 1e5 + 0);

function embedding(name?: string) {
  return tf.layers.embedding({ inputDim: 9, outputDim: 4, maskZero: true, ...(name === undefined ? {} : { name }) });
}

describe("padding", () => {
  it("is seen by no layer behind residual sums, also with two masked inputs", () => {
    const [source, target] = [tf.input({ shape: [5] }), tf.input({ shape: [3] })];
    const x = embedding("source").apply(source) as tf.SymbolicTensor;
    const y = embedding("target").apply(target) as tf.SymbolicTensor;
    const own = tf.layers.add().apply([y, layers.multiHeadAttention({ heads: 2 }).apply(y) as tf.SymbolicTensor]);
    const cross = layers.multiHeadAttention({ heads: 2, name: "cross" });
    const outputs = cross.apply([own as tf.SymbolicTensor, x]) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [source, target], outputs });
    const tokens = tf.tensor([[1, 2, 3, 4, 5]]);
    const padded = tf.tensor([[1, 2, 3, 0, 0]]);
    const queries = tf.tensor([[3, 2, 0]]);
    const scores = attentionScores(model, "cross", [padded, queries]);
    expect(scores.shape).toEqual([1, 2, 3, 5]);
    const sums = tf.sum(tf.slice(scores, [0, 0, 0, 0], [1, 2, 3, 3]), -1);
    expect(round(sums)).toEqual([1, 1, 0, 1, 1, 0]); // a query that is padding looks nowhere
    expect(round(tf.sum(attentionScores(model, cross, [tokens, queries]), -1))).toEqual([1, 1, 0, 1, 1, 0]);
    const [a, b] = [
      [1, 2, 3, 0, 0],
      [1, 2, 3],
    ].map((row) => model.apply([tf.tensor([row]), queries]) as tf.Tensor);
    expect(round(a!)).toEqual(round(b!));
  });

  it("does not stay for a later input that has none", () => {
    const [masked, plain] = [tf.input({ shape: [3] }), tf.input({ shape: [3, 4] })];
    const before = tf.layers.lstm({ units: 4 }).apply(embedding().apply(masked)) as tf.SymbolicTensor;
    const after = tf.layers.lstm({ units: 4, name: "after" });
    const outputs = [before, after.apply(plain) as tf.SymbolicTensor];
    const model = tf.model({ inputs: [masked, plain], outputs });
    const x = tf.randomNormal([2, 3, 4], 0, 1, "float32", 1);
    const [, inside] = model.apply([
      tf.tensor([
        [1, 2, 0],
        [1, 0, 0],
      ]),
      x,
    ]) as tf.Tensor[];
    expect(round(inside!)).toEqual(round(after.apply(x) as tf.Tensor));
  });

  it("does not count in an average over the steps", () => {
    const model = tf.sequential({ layers: [embedding(), tf.layers.globalAveragePooling1d({})] });
    const padded = model.apply(tf.tensor([[4, 2, 0, 0]])) as tf.Tensor;
    const twice = model.apply(tf.tensor([[4, 2, 4, 2]])) as tf.Tensor;
    expect(round(padded)).toEqual(round(twice));
    expect(round(model.apply(tf.tensor([[0, 0]])) as tf.Tensor)).toEqual([0, 0, 0, 0]);
  });

  it("of two summands is where both are padding", () => {
    const layer = embedding();
    const sum = tf.layers.add().apply(
      [
        [1, 0, 0],
        [1, 2, 0],
      ].map((row) => layer.apply(tf.tensor([row])) as tf.Tensor),
    );
    const weights = layers.multiHeadAttention({ heads: 1 });
    weights.apply(sum as tf.Tensor);
    const columns = tf.sum(weights.scores([sum as tf.Tensor]), [0, 1, 2]).dataSync();
    expect(columns[1]).toBeGreaterThan(0);
    expect(columns[2]).toBe(0);
  });

  it("in a mask of one's own is seen by no query, whatever shape the mask has", () => {
    const x = tf.randomNormal([2, 3, 4], 0, 1, "float32", 2);
    const layer = layers.multiHeadAttention({ heads: 2, attentionMask: true });
    const rows = tf.tensor2d([
      [1, 1, 0],
      [1, 0, 0],
    ]);
    const masks = [
      rows,
      tf.tile(tf.expandDims(rows, 1), [1, 3, 1]),
      tf.tile(tf.reshape(rows, [2, 1, 1, 3]), [1, 2, 3, 1]),
    ];
    const [a, b, c] = masks.map((mask) => round(layer.apply([x, mask]) as tf.Tensor));
    expect(b).toEqual(a);
    expect(c).toEqual(a);
    expect(round(tf.max(layer.scores([x, masks[0]!]), [1, 2]))).toEqual([
      expect.any(Number),
      expect.any(Number),
      0,
      1,
      0,
      0,
    ]);
  });

  it("goes with the tensor through layers that are called one by one", () => {
    const x = embedding().apply(tf.tensor([[1, 2, 0]])) as tf.Tensor;
    const dropped = tf.layers.dropout({ rate: 0.5 }).apply(x) as tf.Tensor;
    const [weights] = [layers.multiHeadAttention({ heads: 1, keySize: 2 })];
    weights.apply(dropped);
    expect(round(tf.sum(tf.slice(weights.scores([dropped]), [0, 0, 0, 2], [1, 1, 3, 1])))).toEqual([0]);
  });
});
