import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";
import { summary } from "../../../src/inspection/summary.js";
import { build } from "../../../src/layers/build.js";
import { layers } from "../../../src/layers/layers.js";
import { penalize } from "../../../src/layers/regularizers/penalize.js";
import type { Value } from "../../../src/layers/value.js";
import { loadModel } from "../../../src/models/load-model.js";
import { saveModel } from "../../../src/models/save-model.js";
import { layerContract, modelOf, readFixture } from "../../contracts/layer.js";
import { temporaryFolder } from "../../models/temporary-folder.js";

const fixture = readFixture("convolution");

layerContract("conv2d of groups", {
  make: () => layers.conv2d({ filters: 6, kernelSize: [3, 2], groups: 2, padding: "same", activation: "tanh" }),
  inputShape: [5, 4, 4],
  fixture: fixture("groupedConv2d"),
});
layerContract("conv2d of groups with strides", {
  make: () =>
    layers.conv2d({
      filters: 6,
      kernelSize: 3,
      groups: 3,
      strides: 2,
      padding: "same",
      activation: "tanh",
      useBias: false,
    }),
  inputShape: [6, 5, 6],
  fixture: fixture("groupedConv2d with strides"),
});
layerContract("conv2d of groups of single channels", {
  make: () => layers.conv2d({ filters: 8, kernelSize: 3, groups: 4 }),
  inputShape: [4, 5, 4],
  fixture: fixture("groupedConv2d of single channels"),
});
layerContract("conv2d of groups of single channels with two strides", {
  make: () => layers.conv2d({ filters: 4, kernelSize: 2, groups: 2, strides: [1, 2] }),
  inputShape: [4, 5, 2],
  fixture: fixture("groupedConv2d of single channels, two strides"),
});
layerContract("conv2d of groups, dilated", {
  make: () => layers.conv2d({ filters: 4, kernelSize: 2, groups: 2, dilationRate: 2 }),
  inputShape: [5, 5, 4],
  fixture: fixture("groupedConv2d, dilated"),
});
layerContract("conv2d of groups of channels first", {
  make: () => layers.conv2d({ filters: 4, kernelSize: 2, groups: 2, dataFormat: "channelsFirst" }),
  inputShape: [4, 3, 5],
  fixture: fixture("groupedConv2d of channels first"),
});
layerContract("conv1d of groups", {
  make: () => layers.conv1d({ filters: 6, kernelSize: 3, groups: 2, strides: 2, padding: "same", activation: "tanh" }),
  inputShape: [7, 4],
  fixture: fixture("groupedConv1d"),
});
layerContract("conv1d of groups, causal", {
  make: () => layers.conv1d({ filters: 4, kernelSize: 2, groups: 2, dilationRate: 2, padding: "causal" }),
  inputShape: [6, 4],
  fixture: fixture("groupedConv1d, causal"),
});
layerContract("separableConv1d", {
  make: () =>
    layers.separableConv1d({ filters: 5, kernelSize: 3, depthMultiplier: 2, padding: "same", activation: "tanh" }),
  inputShape: [6, 3],
  fixture: fixture("separableConv1d"),
});
layerContract("separableConv1d with strides", {
  make: () => layers.separableConv1d({ filters: 4, kernelSize: 2, strides: 2, useBias: false }),
  inputShape: [7, 3],
  fixture: fixture("separableConv1d with strides"),
});
layerContract("separableConv1d, dilated", {
  make: () => layers.separableConv1d({ filters: 4, kernelSize: 2, dilationRate: 2 }),
  inputShape: [7, 3],
  fixture: fixture("separableConv1d, dilated"),
});
layerContract("depthwiseConv1d", {
  make: () => layers.depthwiseConv1d({ kernelSize: 3, depthMultiplier: 2, padding: "same", activation: "tanh" }),
  inputShape: [6, 3],
  fixture: fixture("depthwiseConv1d"),
});
layerContract("depthwiseConv1d with strides", {
  make: () => layers.depthwiseConv1d({ kernelSize: 2, strides: 2, useBias: false }),
  inputShape: [7, 3],
  fixture: fixture("depthwiseConv1d with strides"),
});
layerContract("depthwiseConv1d, dilated", {
  make: () => layers.depthwiseConv1d({ kernelSize: 2, dilationRate: 2 }),
  inputShape: [7, 3],
  fixture: fixture("depthwiseConv1d, dilated"),
});

const refused = (layer: tf.layers.Layer, shape: (number | null)[]) => () => layer.apply(tf.input({ shape }));

it("groups divide the filters and the channels", () => {
  const options = { kernelSize: 3, name: "own" } as const;
  expect(() => layers.conv2d({ ...options, filters: 5, groups: 2 })).toThrow(
    "own: filters must be a multiple of the 2 groups, got 5. Each group has as many.",
  );
  expect(() => layers.conv2d({ ...options, filters: 5, groups: 0 })).toThrow(
    "own: groups must be an integer from 1, got 0.",
  );
  expect(refused(layers.conv2d({ ...options, filters: 4, groups: 2 }), [8, 8, 3])).toThrow(
    "own: takes channels that are a multiple of its 2 groups, got 3 in (n, 8, 8, 3). Use groups that divide 3.",
  );
});

it("rows of another rank, or smaller than the kernel, are refused before any weights are made", () => {
  const options = { kernelSize: 3, name: "own" } as const;
  expect(refused(layers.depthwiseConv1d(options), [8])).toThrow("own: takes (n, steps, channels), got (n, 8)");
  expect(refused(layers.separableConv1d({ ...options, filters: 2 }), [2, 8])).toThrow("own: its kernel of 3 is larger");
  expect(refused(layers.conv1d({ ...options, filters: 2, groups: 2 }), [8, null])).toThrow(
    "own: needs to know how many channels come",
  );
});

it("regularizers and constraints of the kernels are saved", () => {
  const options = { kernelSize: 3, depthwiseRegularizer: "l1l2", depthwiseConstraint: "maxNorm" } as const;
  for (const layer of [layers.depthwiseConv1d(options), layers.separableConv1d({ ...options, filters: 2 })]) {
    const model = modelOf({ make: () => layer, inputShape: [5, 2] });
    expect(model.calculateLosses()).toHaveLength(1);
    expect(layer.getConfig()).toMatchObject({
      depthwiseRegularizer: { className: "L1L2" },
      depthwiseConstraint: { className: "MaxNorm" },
    });
  }
});

it("a grouped convolution of one group is a conv2d", () => {
  const options = { filters: 3, kernelSize: 3, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) } as const;
  const x = tf.randomNormal([2, 5, 5, 2], 0, 1, "float32", 4);
  const [own, stock] = [layers.conv2d({ ...options, groups: 1 }), layers.conv2d(options)].map((layer) =>
    (layer.apply(x) as tf.Tensor).dataSync(),
  );
  expect(own).toEqual(stock);
});

it("the compiler knows their shapes, and the summary their operations", () => {
  const model = build([16, 4], (x) => {
    const y: Value<readonly [14, 6]> = x.pipe(layers.conv1d({ filters: 6, kernelSize: 3, groups: 2 }));
    return y.pipe(layers.depthwiseConv1d({ kernelSize: 3, useBias: false }));
  });
  const [, grouped, depthwise] = summary(model).rows;
  expect(grouped!.flops).toBe(14 * (2 * 3 * 2 * 6 + 6));
  expect(depthwise!.flops).toBe(12 * 2 * 3 * 6);
});

it("a separable convolution of images with two outputs of each channel is saved and loaded", async () => {
  const make = () => layers.separableConv2d({ filters: 2, kernelSize: 2, depthMultiplier: 2 });
  const model = modelOf({ make, inputShape: [3, 3, 2] });
  const path = join(temporaryFolder(), "model.safetensors");
  await saveModel(model, path);
  const x = tf.randomNormal([2, 3, 3, 2], 0, 1, "float32", 4);
  const [own, loaded] = [model, await loadModel(path)].map((one) => (one.predict(x) as tf.Tensor).dataSync());
  expect(loaded).toEqual(own);
});

it("penalize reaches the kernels, and what is saved says so", () => {
  for (const layer of [
    layers.depthwiseConv1d({ kernelSize: 2 }),
    layers.conv1d({ filters: 2, kernelSize: 2, groups: 2 }),
  ]) {
    const model = modelOf({ make: () => layer, inputShape: [3, 2] });
    expect(penalize(model, { l2: 0.1 })).toBe(1);
    expect(JSON.stringify(layer.getConfig())).toContain('"L1L2"');
  }
});
