import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "@jest/globals";
import { type TransformerOptions, transformer } from "../../src/architectures/transformer.js";
import { RandomStream } from "../../src/core/random.js";
import { tf } from "../../src/engine/tf.js";
import { attentionScores } from "../../src/layers/attention/attention-scores.js";
import { exportOnnx } from "../../src/models/export-onnx.js";
import { loadModel } from "../../src/models/load-model.js";
import { loadOnnx } from "../../src/models/load-onnx.js";
import { saveModel } from "../../src/models/save-model.js";
import { adam } from "../../src/optimizers/adam.js";
import { fit } from "../../src/training/fit.js";

const small = { vocabulary: 9, length: 6, size: 8, heads: 2 } as const;
const kinds: readonly (readonly [string, TransformerOptions])[] = [
  ["a decoder", small],
  ["a tied rotary decoder", { ...small, tiedEmbedding: true, positions: "rotary" }],
  ["an encoder with padding", { ...small, kind: "encoder", outputs: 3, maskZero: true, positions: "sinusoidal" }],
];

function rows(n: number): number[][] {
  const random = RandomStream.of(6, "data");
  return Array.from({ length: n }, () => {
    const count = 2 + random.integer(5);
    return Array.from({ length: 6 }, (_, t) => (t < count ? 1 + random.integer(8) : 0));
  });
}

describe.each(kinds)("%s", (_, options) => {
  it("is saved and loaded bit by bit", async () => {
    const model = transformer(options);
    const folder = await mkdtemp(join(tmpdir(), "etude-transformer-"));
    await saveModel(model, join(folder, "model.safetensors"));
    const loaded = await loadModel(join(folder, "model.safetensors"));
    const x = tf.tensor2d(rows(3));
    const [a, b] = [model, loaded].map((one) => (one.apply(x) as tf.Tensor).dataSync());
    expect(b).toEqual(a);
  });

  it("goes to ONNX for batches of any size", async () => {
    const model = transformer(options);
    const path = join(await mkdtemp(join(tmpdir(), "etude-transformer-")), "model.onnx");
    await exportOnnx(model, path);
    const onnx = await loadOnnx(path);
    for (const n of [1, 4]) {
      const x = tf.tensor2d(rows(n));
      const expected = (model.apply(x) as tf.Tensor).dataSync();
      const [got] = Object.values(await onnx.run(x)) as [tf.Tensor];
      const values = got.dataSync();
      expect(Math.max(...expected.map((value, i) => Math.abs(value - values[i]!)))).toBeLessThan(1e-5);
    }
  });
});

describe("an encoder with padding", () => {
  it("is trained by fit compiled as it is operation by operation", async () => {
    const options = { ...small, kind: "encoder", outputs: 2, maskZero: true, dropout: 0.1 } as const;
    // Whether the largest token of a row is even.
    const x = rows(96);
    const train = { x: tf.tensor2d(x), y: x.map((row) => Math.max(...row) % 2) };
    const weights = await Promise.all(
      [true, false].map(async (compile) => {
        const model = transformer(options);
        const optimizer = adam({ learningRate: 1e-3 });
        const run = await fit(model, {
          train,
          epochs: 2,
          batchSize: 32,
          loss: "crossEntropy",
          optimizer,
          compile,
          callbacks: [],
        });
        expect(run.notCompiled === null).toBe(compile);
        return model.getWeights().map((weight) => weight.dataSync());
      }),
    );
    const [one, other] = weights.map((list) => list.flatMap((values) => Array.from(values)));
    expect(Math.max(...one!.map((value, i) => Math.abs(value - other![i]!)))).toBeLessThan(1e-5);
  });
});

describe("attentionScores", () => {
  const model = transformer({ ...small, layers: 1 });
  const x = tf.tensor2d([[1, 2, 3, 4, 5, 6]]);

  it("of a decoder are a lower triangle whose rows sum to 1, and leave the model and memory as they were", () => {
    const before = model.toJSON(null, false);
    const { numTensors } = tf.memory();
    const scores = attentionScores(model, "block1_attention", x);
    expect(tf.memory().numTensors).toBe(numTensors + 1);
    expect(scores.shape).toEqual([1, 2, 6, 6]);
    const [heads] = scores.arraySync() as number[][][][];
    for (const head of heads!) {
      head.forEach((row, query) => {
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
        row.forEach((score, key) => {
          if (key > query) expect(score).toBe(0);
          else expect(score).toBeGreaterThan(0);
        });
      });
    }
    expect(model.toJSON(null, false)).toEqual(before);
    expect(attentionScores(model, model.getLayer("block1_attention"), x).dataSync()).toEqual(scores.dataSync());
  });

  it("name the layers that have them", () => {
    expect(() => attentionScores(model, "block1_hidden", x)).toThrow(
      'attentionScores: "block1_hidden" must be an attention layer of the model. Its attention layers are "block1_attention".',
    );
  });
});
