import { describe, expect, it } from "@jest/globals";
import { tf } from "../../src/engine/tf.js";
import { layers } from "../../src/layers/layers.js";

describe("an option that a layer does not have", () => {
  it.each<[name: keyof typeof layers, config: object, option: string]>([
    ["conv3d", { filters: 2, kernelSize: 2, groups: 2 }, "groups"],
    ["dense", { units: 2, kernel_initializer: "zeros" }, "kernel_initializer"],
    ["lstm", { units: 2, returnSequence: true }, "returnSequence"],
    ["batchNormalization", { renorm: true }, "renorm"],
    ["globalMaxPooling2d", { keepdims: true }, "keepdims"],
    ["maxPooling1d", { poolsize: 3 }, "poolsize"],
    ["rmsNormalization", { center: true }, "center"],
    ["dropPath", { rate: 0.2, seed: 3 }, "seed"],
  ])("of %s is refused", (name, config, option) => {
    const make = layers[name] as unknown as (config: object) => tf.layers.Layer;
    expect(() => make(config)).toThrow(`layers.${name}: there is no option "${option}", only `);
  });
});

it("what every layer takes is no such option, nor one that is undefined, nor what a layer saves of itself", () => {
  const layer = layers.dense({ units: 2, inputDim: 3, name: "own", trainable: false, groups: undefined } as never);
  expect(layer.name).toBe("own");
  expect(layers.gru({ units: 2, inputShape: [4, 2], batchSize: 3 }).batchInputShape).toEqual([3, 4, 2]);
  const weights = [tf.ones([3, 2]), tf.zeros([2])];
  expect(layers.dense({ units: 2, inputShape: [3], weights }).getConfig()).toMatchObject({ units: 2 });
  const config = layers.lstm({ units: 2, returnSequences: true }).getConfig();
  expect(layers.lstm(config as never).getConfig()).toMatchObject({ units: 2, returnSequences: true });
});

it("an option that TensorFlow.js refuses is said with the name of the layer", () => {
  expect(() => layers.dense({ units: -3 })).toThrow(
    "layers.dense: expected units to be a positive integer, but got -3.",
  );
  expect(() => layers.conv2d({ filters: 0, kernelSize: 3 })).toThrow(/^layers\.conv2d: /);
});
