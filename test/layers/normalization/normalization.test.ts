import { describe, expect, it } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";
import { forwardFlops } from "../../../src/inspection/flops.js";
import { layers } from "../../../src/layers/layers.js";
import { layerContract, readFixture } from "../../contracts/layer.js";

const fixture = readFixture("normalization");

layerContract("groupNormalization", {
  make: () => layers.groupNormalization({ groups: 2 }),
  inputShape: [3, 2, 4],
  fixture: fixture("groupNormalization"),
});
layerContract("groupNormalization of one axis", {
  make: () => layers.groupNormalization({ groups: 3, axis: 1, epsilon: 0.01 }),
  inputShape: [6, 4],
  fixture: fixture("groupNormalization of one axis"),
});
layerContract("groupNormalization with one group and no gamma", {
  make: () => layers.groupNormalization({ groups: 1, scale: false }),
  inputShape: [4, 6],
  fixture: fixture("groupNormalization, one group"),
});
layerContract("groupNormalization with a regularizer and no beta", {
  make: () =>
    layers.groupNormalization({
      groups: 2,
      axis: 1,
      epsilon: 0.1,
      center: false,
      gammaInitializer: tf.initializers.constant({ value: 0.5 }),
      gammaRegularizer: tf.regularizers.l2({ l2: 0.1 }),
    }),
  inputShape: [4, 3],
});
layerContract("instanceNormalization", {
  make: () => layers.instanceNormalization(),
  inputShape: [3, 2, 4],
  fixture: fixture("instanceNormalization"),
});
layerContract("rmsNormalization", {
  make: () => layers.rmsNormalization(),
  inputShape: [4, 5],
  fixture: fixture("rmsNormalization"),
});
layerContract("rmsNormalization of two axes", {
  make: () => layers.rmsNormalization({ axis: [-1, 1], epsilon: 0.01 }),
  inputShape: [4, 5],
  fixture: fixture("rmsNormalization of two axes"),
});
layerContract("unitNormalization", {
  make: () => layers.unitNormalization(),
  inputShape: [4, 5],
  fixture: fixture("unitNormalization"),
});
layerContract("unitNormalization of two axes", {
  make: () => layers.unitNormalization({ axis: [1, 2] }),
  inputShape: [4, 5],
  fixture: fixture("unitNormalization of two axes"),
});

describe("groupNormalization", () => {
  it("keeps all its options in its configuration, and a constraint in fit's reach", () => {
    const config = {
      name: "norm",
      trainable: false,
      groups: 3,
      axis: 2,
      epsilon: 0.01,
      center: true,
      scale: true,
      betaInitializer: { className: "Constant", config: { value: -1 } },
      gammaInitializer: { className: "Constant", config: { value: 0.5 } },
      betaRegularizer: { className: "L1L2", config: { l1: 0.25, l2: 0.5 } },
      gammaRegularizer: null,
      betaConstraint: { className: "NonNeg", config: {} },
      gammaConstraint: null,
    };
    const layer = layers.groupNormalization(structuredClone(config) as never);
    expect(layer.getConfig()).toMatchObject(config);
    layer.apply(tf.input({ shape: [4, 6] }));
    const [gamma, beta] = layer.weights;
    expect([gamma!.shape, beta!.shape]).toEqual([[6], [6]]);
    beta!.write(tf.fill([6], -1));
    expect(Array.from(beta!.read().dataSync())).toEqual([0, 0, 0, 0, 0, 0]);
    layer.dispose();
  });
});

describe("unitNormalization of a row of zeros", () => {
  it("gives zeros, and gradients that are numbers", () => {
    tf.tidy(() => {
      const layer = layers.unitNormalization();
      const zeros = tf.zeros([1, 3]);
      expect(Array.from((layer.apply(zeros) as tf.Tensor).dataSync())).toEqual([0, 0, 0]);
      const gradient = tf.grad((x) => layer.apply(x) as tf.Tensor)(zeros);
      expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
    });
  });
});

describe("the operations of a normalisation", () => {
  it.each([
    [() => layers.groupNormalization({ groups: 2 }), 7 * 60],
    [() => layers.instanceNormalization(), 7 * 60],
    [() => layers.rmsNormalization(), 4 * 60],
    [() => layers.unitNormalization(), 3 * 60],
    [() => layers.spectralNormalization({ layer: layers.dense({ units: 2, useBias: false }) }), 2 * 4 * 2 * 15],
  ])("%s", (make, flops) => {
    const layer = make();
    const { shape } = layer.apply(tf.input({ shape: [5, 3, 4] })) as tf.SymbolicTensor;
    expect(forwardFlops(layer, [[null, 5, 3, 4]], shape)).toBe(flops);
  });
});

describe("a normalisation says in one sentence", () => {
  const image = () => tf.input({ shape: [8, 8, 6] });

  it.each([
    [
      "which groups there can be",
      () => layers.groupNormalization({ name: "norm" }).apply(image()),
      "norm: groups must be a divisor of the 6 channels of (n, 8, 8, 6), got 32; use one of 1, 2, 3, 6.",
    ],
    [
      "that no groups are none",
      () => layers.groupNormalization({ name: "norm", groups: 0 }),
      "norm: groups must be from 1, or -1 for one per channel, got 0.",
    ],
    [
      "that a group of one value is always 0",
      () => layers.instanceNormalization({ name: "norm" }).apply(tf.input({ shape: [6] })),
      "norm: needs more than one value in each group, got 6 groups of one channel of (n, 6); use fewer groups, or layers.layerNormalization().",
    ],
    [
      "which axes there are",
      () => layers.rmsNormalization({ name: "norm", axis: [1, 4] }).apply(image()),
      "norm: axis must name different axes from 1 to 3 of (n, 8, 8, 6), or from the last one, -1, on; got [1, 4].",
    ],
    [
      "that the size of an axis is open",
      () => layers.rmsNormalization({ name: "norm", axis: 1 }).apply(tf.input({ shape: [null, 6] })),
      "norm: needs to know the size of axis 1, got (n, any, 6); give it a number.",
    ],
    [
      "that an axis is an integer",
      () => layers.unitNormalization({ name: "norm", axis: 0.5 }),
      "norm: axis must be an integer or some of them, got [0.5].",
    ],
    [
      "that epsilon is above 0",
      () => layers.rmsNormalization({ name: "norm", epsilon: 0 }),
      "norm: epsilon must be a number above 0, got 0.",
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });
});
