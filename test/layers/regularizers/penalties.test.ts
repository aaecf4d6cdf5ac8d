import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { OptionError } from "../../../src/core/errors.js";
import { tf } from "../../../src/engine/tf.js";
import { penalize, penalties } from "../../../src/layers/regularizers/penalize.js";
import { penaltyOf } from "../../../src/layers/regularizers/penalty-of.js";
import { regularizers } from "../../../src/layers/regularizers/regularizers.js";
import { loadModel } from "../../../src/models/load-model.js";
import { saveModel } from "../../../src/models/save-model.js";
import "../../../src/layers/constraints/constraints.js";
import { keras, setNumbers } from "./keras.js";

const { l1, l2, l1l2 } = regularizers;
const dense = () => tf.layers.dense({ units: 4, kernelRegularizer: l2({ l2: 0.1 }), biasRegularizer: l1({ l1: 0.2 }) });
const recurrent = {
  units: 2,
  kernelRegularizer: l2({ l2: 0.1 }),
  recurrentRegularizer: l1l2({ l1: 0.1, l2: 0.3 }),
  biasRegularizer: l1({ l1: 0.2 }),
};

function sequence(inputShape: number[], ...layers: tf.layers.Layer[]): tf.LayersModel {
  return tf.sequential({ layers: [tf.layers.inputLayer({ inputShape }), ...layers] });
}

function functional(f: (x: tf.SymbolicTensor) => tf.SymbolicTensor): tf.LayersModel {
  const inputs = tf.input({ shape: [4] });
  return tf.model({ inputs, outputs: f(inputs) });
}

const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor) => layer.apply(x) as tf.SymbolicTensor;

const models: Record<string, () => tf.LayersModel> = {
  "a sequence of layers": () => sequence([4], dense(), dense()),
  "a shared layer": () => {
    const layer = dense();
    return functional((x) => apply(layer, apply(layer, x)));
  },
  "a nested model that is used twice": () => {
    const inner = sequence([4], dense());
    return functional((x) => apply(dense(), apply(inner, apply(inner, x))));
  },
  "a frozen layer": () => {
    const model = sequence([4], dense(), dense());
    model.layers[1]!.trainable = false;
    return model;
  },
  "an lstm": () => sequence([3, 4], tf.layers.lstm(recurrent)),
  "a gru": () => sequence([3, 4], tf.layers.gru(recurrent)),
  "stacked cells": () =>
    sequence([3, 4], tf.layers.rnn({ cell: [tf.layers.simpleRNNCell(recurrent), tf.layers.simpleRNNCell(recurrent)] })),
  "a bidirectional lstm": () => sequence([3, 4], tf.layers.bidirectional({ layer: tf.layers.lstm(recurrent) })),
  "a time-distributed dense": () => sequence([3, 4], tf.layers.timeDistributed({ layer: dense() })),
  "a separable convolution": () =>
    sequence(
      [5, 5, 2],
      tf.layers.separableConv2d({
        filters: 3,
        kernelSize: 3,
        depthwiseRegularizer: l2({ l2: 0.1 }),
        pointwiseRegularizer: l1({ l1: 0.2 }),
      }),
    ),
};

async function reloaded(model: tf.LayersModel): Promise<tf.LayersModel> {
  const folder = mkdtempSync(join(tmpdir(), "penalties-"));
  await saveModel(model, join(folder, "model.safetensors"));
  const loaded = await loadModel(join(folder, "model.safetensors"));
  rmSync(folder, { recursive: true });
  return loaded;
}

const number = (scalar: tf.Tensor | null) => scalar?.dataSync()[0];
const total = (model: tf.LayersModel) => penalties(model).reduce((sum, { value }) => sum + value, 0);

describe.each(Object.entries(models))("the penalty of %s", (name, build) => {
  it("is that of Keras, before and after it was saved, and the sum of its rows", async () => {
    const model = setNumbers(build());
    expect(number(penaltyOf(model))).toBeCloseTo(keras.models[name]!, 5);
    expect(total(model)).toBeCloseTo(keras.models[name]!, 5);
    expect(number(penaltyOf(await reloaded(model)))).toBeCloseTo(keras.models[name]!, 5);
  });
});

describe("penaltyOf", () => {
  it("is null for a model without penalties", () => {
    expect(penaltyOf(sequence([4], tf.layers.dense({ units: 2 })))).toBeNull();
  });

  it("counts what a layer adds of its own, once", () => {
    const layer = dense();
    layer.addLoss(() => tf.scalar(10));
    const model = setNumbers(functional((x) => apply(layer, apply(layer, x))));
    expect(number(penaltyOf(model))).toBeCloseTo(10 + keras.models["a shared layer"]!, 5);
  });
});

describe("penalize", () => {
  const build = () =>
    setNumbers(
      sequence(
        [6],
        tf.layers.embedding({ inputDim: 5, outputDim: 4 }),
        tf.layers.conv1d({ filters: 4, kernelSize: 2, name: "conv" }),
        tf.layers.layerNormalization({}),
        tf.layers.bidirectional({ layer: tf.layers.gru({ units: 2, returnSequences: true }) as never }),
        tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 3, name: "inner" }) }),
        tf.layers.reshape({ targetShape: [5, 3, 1] }),
        tf.layers.depthwiseConv2d({ kernelSize: 2, name: "depthwise" }),
        tf.layers.separableConv2d({ filters: 2, kernelSize: 2, name: "separable" }),
        tf.layers.flatten(),
        sequence([6], dense()),
      ),
    );

  it("sets the penalty of kernels alone, in the place of an earlier one", () => {
    const model = build();
    expect(penalize(model, { l1: 0.1, l2: 0.2 })).toBe(10);
    const rows = penalties(model);
    expect(rows.map(({ weight }) => weight).sort()).toEqual([
      "bias",
      "depthwise_kernel",
      "depthwise_kernel",
      "kernel",
      "kernel",
      "kernel",
      "kernel",
      "kernel",
      "pointwise_kernel",
      "recurrent_kernel",
      "recurrent_kernel",
    ]);
    const [first] = rows;
    const values = [...model.getLayer("conv").getWeights()[0]!.dataSync()];
    const value = values.reduce((sum, weight) => sum + 0.1 * Math.abs(weight) + 0.2 * weight ** 2, 0);
    expect(first).toEqual({ layer: "conv", weight: "kernel", kind: "l1l2", value: expect.closeTo(value, 5) });
    expect(penalize(model, {})).toBe(10);
    expect(penalties(model).map(({ weight, kind }) => [weight, kind])).toEqual([["bias", "l1"]]);
  });

  it("goes into a saved model", async () => {
    const model = build();
    penalize(model, { l2: 0.2 });
    const loaded = await reloaded(model);
    expect(penalties(loaded)).toHaveLength(11);
    expect(number(penaltyOf(loaded))).toBe(number(penaltyOf(model)));
  });

  it("refuses what is no model, and penalties below 0", () => {
    expect(() => penalize({} as never, { l2: 1 })).toThrow(
      new OptionError("penalize: model must be a tf.LayersModel, got a Object. After fit, pass run.model."),
    );
    expect(() => penalize(build(), { l2: -1 })).toThrow(
      new OptionError("penalize: l2 must be a number from 0, got -1."),
    );
  });
});
