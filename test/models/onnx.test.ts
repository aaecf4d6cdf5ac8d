import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { tf } from "../../src/engine/tf.js";
import { exportOnnx } from "../../src/models/export-onnx.js";
import { loadOnnx } from "../../src/models/load-onnx.js";

const L = tf.layers;
const folder = mkdtempSync(join(tmpdir(), "etude-onnx-"));
const path = join(folder, "model.onnx");
let tensorsBefore = 0;
const models: tf.LayersModel[] = [];

beforeAll(() => {
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
  expect(tf.memory().numTensors).toBe(tensorsBefore);
});
afterAll(() => rmSync(folder, { recursive: true }));

const stack = (...layers: tf.layers.Layer[]) => tf.sequential({ layers });

const nets: [string, number[], () => tf.LayersModel][] = [
  ["dense layers", [5], () => stack(L.dense({ units: 4, activation: "relu", inputShape: [5] }), L.dense({ units: 3 }))],
  [
    "convolutions",
    [8, 8, 2],
    () =>
      stack(
        L.conv2d({ filters: 3, kernelSize: 3, padding: "same", activation: "relu", inputShape: [8, 8, 2] }),
        L.batchNormalization(),
        L.maxPooling2d({ poolSize: 2 }),
        L.depthwiseConv2d({ kernelSize: 3 }),
        L.dropout({ rate: 0.5 }),
        L.flatten(),
        L.dense({ units: 3, activation: "softmax" }),
      ),
  ],
  ["an LSTM", [6, 3], () => stack(L.lstm({ units: 4, inputShape: [6, 3] }), L.dense({ units: 2 }))],
  [
    "two directions of a GRU",
    [5, 3],
    () => stack(L.bidirectional({ layer: L.gru({ units: 3 }) as never, mergeMode: "concat", inputShape: [5, 3] })),
  ],
  [
    "layer normalisation over steps",
    [5, 4],
    () => stack(L.layerNormalization({ inputShape: [5, 4] }), L.globalAveragePooling1d(), L.dense({ units: 2 })),
  ],
];

describe("a model that was exported as ONNX", () => {
  it.each(nets)("with %s computes the same for batches of any size", async (_, row, make) => {
    const model = make();
    models.push(model);
    await exportOnnx(model, path);
    const onnx = await loadOnnx(path);
    expect(onnx.inputs.map(({ name, shape }) => [name, shape])).toEqual([[model.inputNames[0], [null, ...row]]]);
    for (const n of [1, 7, 64]) {
      tf.tidy(() => {
        const x = tf.randomUniform([n, ...row], -1, 1, "float32", n);
        const expected = (model.predict(x) as tf.Tensor).dataSync();
        const got = onnx.run(x)[model.outputNames[0]!]!;
        expect(got.shape).toEqual([n, ...model.outputs[0]!.shape.slice(1)]);
        expect(Math.max(...got.dataSync().map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-6);
      });
    }
    onnx.dispose();
  });

  it("may have several inputs and outputs, found by name", async () => {
    const [a, b] = [tf.input({ shape: [3], name: "a" }), tf.input({ shape: [2], dtype: "int32", name: "ids" })];
    const embedded = L.flatten().apply(L.embedding({ inputDim: 5, outputDim: 2 }).apply(b));
    const both = L.concatenate().apply([a, embedded as tf.SymbolicTensor]);
    const ends = ["first", "second"].map((name) => L.dense({ units: 2, name }).apply(both) as tf.SymbolicTensor);
    const model = tf.model({ inputs: [a, b], outputs: ends });
    models.push(model);
    await exportOnnx(model, path);
    const onnx = await loadOnnx(path);
    expect(onnx.inputs).toEqual([
      { name: "a", shape: [null, 3], dtype: "float32" },
      { name: "ids", shape: [null, 2], dtype: "int32" },
    ]);
    tf.tidy(() => {
      const [x, ids] = [
        tf.randomUniform([4, 3], 0, 1, "float32", 1),
        tf.tensor2d([0, 4, 1, 1, 2, 3, 0, 0], [4, 2], "int32"),
      ];
      const expected = (model.predict([x, ids]) as tf.Tensor[]).map((y) => Array.from(y.dataSync()));
      const got = onnx.run({ a: x, ids });
      ["first", "second"].forEach((name, i) => {
        Array.from(got[name]!.dataSync()).forEach((value, j) => {
          expect(value).toBeCloseTo(expected[i]![j]!, 5);
        });
      });
      expect(() => onnx.run({ a: x })).toThrow('OnnxModel.run: input "ids" needs a tensor of shape (any, 2).');
      expect(() => onnx.run({ a: ids, ids })).toThrow('OnnxModel.run: input "a" must have shape (any, 3), got (4, 2).');
    });
    onnx.dispose();
  });
});

describe("exportOnnx", () => {
  it("names what has no counterpart in ONNX, and leaves an earlier file as it was", async () => {
    const fine = stack(L.dense({ units: 1, inputShape: [2] }));
    class Reading extends L.Layer {
      static className = "Reading";
      override call(inputs: tf.Tensor | tf.Tensor[]) {
        const x = [inputs].flat()[0]!;
        return x.dataSync()[0]! > 0 ? x : tf.neg(x);
      }
    }
    const odd = stack(new Reading({ inputShape: [2] } as never));
    models.push(fine, odd);
    await exportOnnx(fine, path);
    await expect(exportOnnx(odd, path)).rejects.toThrow(
      "exportOnnx: the model cannot be written as ONNX: it reads the numbers of a tensor while it computes. Save it with saveModel instead.",
    );
    (await loadOnnx(path)).dispose();
    expect(readdirSync(folder)).toEqual(["model.onnx"]);
  });
});

describe("loadOnnx", () => {
  it("says which file is not there", async () => {
    await expect(loadOnnx(join(folder, "none.onnx"))).rejects.toThrow(/^loadOnnx: ".*none\.onnx" cannot be opened/);
  });

  it("refuses a file that is no model", async () => {
    const other = join(folder, "text.onnx");
    writeFileSync(other, "not a model");
    await expect(loadOnnx(other)).rejects.toThrow(/^loadOnnx: ".*text\.onnx" cannot be opened as an ONNX model/);
    rmSync(other);
  });
});
