import { describe, expect, it } from "@jest/globals";
import { tf } from "../../src/engine/tf.js";
import { bundleOf } from "../../src/output/display.js";
import { displaySymbol } from "../../src/output/mime.js";

describe("tf", () => {
  it("computes on the wasm backend from the first call on, without awaiting anything", () => {
    expect(tf.getBackend()).toBe("wasm");
    expect(tf.tensor([1, 2, 3]).sum().dataSync()[0]).toBe(6);
  });

  it("has the names of the union package", () => {
    const names = `layers train data io losses image linalg initializers regularizers constraints metrics models browser
      sequential model input loadLayersModel loadGraphModel tidy dispose keep memory ready variableGrads grad customGrad
      LayersModel Sequential GraphModel Tensor Variable Optimizer callbacks version_core`.split(/\s+/);
    expect(names.filter((name) => !(name in tf))).toEqual([]);
  });

  it("leaves uncaught errors and rejections to the program", () => {
    const sources = ["uncaughtException", "unhandledRejection"].flatMap((event) =>
      process.listeners(event as "SIGINT"),
    );
    expect(sources.map(String).filter((source) => /throw (ex|reason)/.test(source))).toEqual([]);
  });

  it.each<[string, (x: tf.Tensor2D) => tf.Tensor, number[]]>([
    ["add", (x) => x.add(1), [2, 3, 4, 5]],
    ["matMul", (x) => x.matMul(x, true), [10, 14, 14, 20]],
    ["flatten", (x) => x.flatten(), [1, 2, 3, 4]],
    ["as1D", (x) => x.as1D(), [1, 2, 3, 4]],
    ["asType", (x) => x.asType("int32"), [1, 2, 3, 4]],
    ["toFloat", (x) => x.toFloat(), [1, 2, 3, 4]],
    ["concat", (x) => x.concat(x, 1), [1, 2, 1, 2, 3, 4, 3, 4]],
    ["stack", (x) => x.stack(x), [1, 2, 3, 4, 1, 2, 3, 4]],
    ["where", (x) => x.where(x.greater(2), x.neg()), [-1, -2, 3, 4]],
    ["reshapeAs", (x) => x.reshapeAs(tf.zeros([4])), [1, 2, 3, 4]],
    ["oneHot", (x) => x.flatten().toInt().oneHot(5, 1, 0).argMax(1), [1, 2, 3, 4]],
    ["sum", (x) => x.sum(0, true), [4, 6]],
  ])("a tensor has the method %s", (_, compute, expected) => {
    const x = tf.tensor2d([
      [1, 2],
      [3, 4],
    ]);
    expect(Array.from(compute(x).dataSync())).toEqual(expected);
  });

  it("every method that the types promise is there", () => {
    const missing = [
      "abs",
      "batchNorm",
      "conv2d",
      "resizeBilinear",
      "stridedSlice",
      "topk",
      "unstack",
      "zerosLike",
    ].filter((name) => typeof Reflect.get(tf.Tensor.prototype, name) !== "function");
    expect(missing).toEqual([]);
  });

  it("a tensor shows its shape, type and values", () => {
    expect(
      bundleOf(
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
      ),
    ).toEqual({ "text/plain": "Tensor [2, 2] float32\n    [[1, 2],\n     [3, 4]]" });
    const gone = tf.tensor([1], [1], "int32");
    gone.dispose();
    expect(bundleOf(gone)).toEqual({ "text/plain": "Tensor [1] int32 (disposed)" });
  });

  it("a model shows its layers and parameters", () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 2, inputShape: [3], name: "only" })],
      name: "net",
    });
    const bundle = Reflect.get(model, displaySymbol).call(model);
    expect(bundle["text/plain"]).toBe(
      'Model "net", 8 parameters\nlayer  kind   output  parameters\nonly   Dense  n x 2            8',
    );
    expect(bundle["text/html"]).toContain("<td");
  });

  it("a comparison in a loss has a gradient of zero, so the branches keep theirs", () => {
    const huber = (x: tf.Tensor): tf.Scalar => tf.where(x.abs().less(1), x.square().mul(0.5), x.abs().sub(0.5)).sum();
    expect(
      Array.from(
        tf
          .grad(huber)(tf.tensor1d([-3, -0.5, 0.25, 2]))
          .dataSync(),
      ),
    ).toEqual([-1, -0.5, 0.25, 1]);
  });
});
