import { describe, expect, it } from "@jest/globals";
import { OptionError } from "../../../src/core/errors.js";
import { tf } from "../../../src/engine/tf.js";
import { withAutomaticInitializer } from "../../../src/layers/initializers/by-activation.js";
import { initializers } from "../../../src/layers/initializers/initializers.js";
import { separableConv2d } from "../../../src/layers/initializers/separable-convolution.js";

const he = initializers.heUniform().getConfig();
const leCun = initializers.leCunNormal().getConfig();
const glorot = initializers.glorotUniform().getConfig();

describe("forActivation", () => {
  it.each(["relu", "relu6", "elu", "gelu", "swish", "mish"])("starts %s by He", (activation) => {
    expect(initializers.forActivation(activation).getConfig()).toEqual(he);
  });

  it("starts selu by LeCun", () => {
    expect(initializers.forActivation("selu").getConfig()).toEqual(leCun);
  });

  it.each(["tanh", "sigmoid", "softmax", "linear"])("starts %s by Glorot", (activation) => {
    expect(initializers.forActivation(activation).getConfig()).toEqual(glorot);
  });

  it("takes a seed, and refuses an activation that it does not know", () => {
    expect(initializers.forActivation("relu", { seed: 3 }).getConfig().seed).toBe(3);
    expect(() => initializers.forActivation("rellu")).toThrow(
      /^forActivation: activation must be one of "relu", .*"rellu"\.$/,
    );
    expect(() => initializers.forActivation("rellu")).toThrow(OptionError);
  });
});

describe("withAutomaticInitializer", () => {
  it("gives a layer the kernel that its activation asks for", () => {
    const layer = tf.layers.dense(withAutomaticInitializer({ units: 2, activation: "relu" }));
    expect(layer.getConfig().kernelInitializer).toMatchObject({ className: "SeededVarianceScaling", config: he });
    expect(withAutomaticInitializer({ units: 2 })).toMatchObject({ units: 2, kernelInitializer: { seed: null } });
  });

  it("keeps an initializer that is given", () => {
    const config = { units: 2, kernelInitializer: "zeros", activation: "relu" };
    expect(withAutomaticInitializer(config)).toEqual(config);
    const unset = withAutomaticInitializer({ units: 2, kernelInitializer: undefined });
    expect((unset.kernelInitializer as unknown as tf.serialization.Serializable).getConfig()).toEqual(glorot);
  });

  it("counts the fans of a depthwise convolution by its positions", () => {
    const layer = tf.layers.depthwiseConv2d({
      ...withAutomaticInitializer({ kernelSize: 3, activation: "relu" as const }, "depthwise"),
      inputShape: [8, 8, 64],
    });
    const kernel = tf.sequential({ layers: [layer] }).weights[0]!.read();
    const std = tf.tidy(() => tf.moments(kernel).variance.sqrt().dataSync()[0]!);
    expect(std / Math.sqrt(2 / 9)).toBeCloseTo(1, 0.7);
  });

  it("starts both convolutions of a separable one, and the kernels of a recurrent layer", () => {
    const separable = separableConv2d({ filters: 2, kernelSize: 3, activation: "relu" });
    expect(separable.getConfig()).toMatchObject({
      depthwiseInitializer: { config: { ...glorot, kernel: "depthwise" } },
      pointwiseInitializer: { config: he },
    });
    const zero = separableConv2d({ filters: 2, kernelSize: 3, pointwiseInitializer: "zeros" });
    expect(zero.getConfig().pointwiseInitializer).toEqual({ className: "Zeros", config: {} });
    expect(tf.layers.lstm(withAutomaticInitializer({ units: 2 }, "recurrent")).getConfig()).toMatchObject({
      kernelInitializer: { config: glorot },
      recurrentInitializer: { className: "SeededOrthogonal" },
    });
    expect(
      tf.layers.conv2dTranspose(withAutomaticInitializer({ filters: 2, kernelSize: 3 }, "transposed")).getConfig(),
    ).toMatchObject({
      kernelInitializer: { config: { ...glorot, kernel: "transposed" } },
    });
  });
});
