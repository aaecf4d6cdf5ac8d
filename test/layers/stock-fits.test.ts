import { describe, expect, it } from "@jest/globals";
import { ShapeError } from "../../src/core/errors.js";
import { tf } from "../../src/engine/tf.js";
import { layers } from "../../src/layers/layers.js";

const x = (...shape: (number | null)[]) => tf.input({ shape });
const on = (layer: tf.layers.Layer, ...inputs: tf.SymbolicTensor[]) =>
  layer.apply(inputs.length === 1 ? inputs[0]! : inputs);

describe("a layer of TensorFlow.js says in one sentence what it does not take", () => {
  const name = "here";
  const cases: [string, () => unknown, string][] = [
    [
      "conv2d, grey images without their channel",
      () => on(layers.conv2d({ filters: 4, kernelSize: 3, name }), x(28, 28)),
      "here: takes (n, height, width, channels), got (n, 28, 28); put layers.reshape({ targetShape: [28, 28, 1] }) before it.",
    ],
    [
      "conv2d, flat images",
      () => on(layers.conv2d({ filters: 4, kernelSize: 3, name }), x(784)),
      "here: takes (n, height, width, channels), got (n, 784); put layers.reshape({ targetShape: [28, 28, 1] }) before it.",
    ],
    [
      "conv2d, videos",
      () => on(layers.conv2d({ filters: 4, kernelSize: 3, name }), x(10, 28, 28, 3)),
      "here: takes (n, height, width, channels), got (n, 10, 28, 28, 3); wrap it in layers.timeDistributed({ layer }) to work on each step.",
    ],
    [
      "conv2d, a kernel larger than the image",
      () => on(layers.conv2d({ filters: 4, kernelSize: 3, dilationRate: 2, name }), x(4, 9, 1)),
      'here: its kernel of 5 x 5 is larger than what it slides over, got (n, 4, 9, 1); use padding: "same" or a smaller kernelSize, or pool less before it.',
    ],
    [
      "conv2d, unknown channels",
      () => on(layers.conv2d({ filters: 4, kernelSize: 3, name }), x(28, 28, null)),
      "here: needs to know how many channels come, got (n, 28, 28, any); give the input shape a number as its last size.",
    ],
    [
      "maxPooling2d, a pool larger than the image",
      () => on(layers.maxPooling2d({ poolSize: 2, name }), x(1, 8, 4)),
      'here: its pool of 2 x 2 is larger than what it slides over, got (n, 1, 8, 4); use padding: "same" or a smaller poolSize, or pool less before it.',
    ],
    [
      "cropping2D, more than there is",
      () =>
        on(
          layers.cropping2D({
            cropping: [
              [2, 2],
              [1, 1],
            ],
            name,
          }),
          x(3, 9, 1),
        ),
      "here: cuts 4 x 2 off, which leaves nothing, got (n, 3, 9, 1); crop less.",
    ],
    [
      "globalAveragePooling2d, sequences",
      () => on(layers.globalAveragePooling2d({ name }), x(5, 4)),
      "here: takes (n, height, width, channels), got (n, 5, 4); put layers.reshape({ targetShape: [5, 4, 1] }) before it.",
    ],
    [
      "dense, an unknown size",
      () => on(layers.dense({ units: 3, name }), x(5, null)),
      "here: needs to know the last size, got (n, 5, any); give the input shape a number there, or pool over that axis.",
    ],
    [
      "dense, two inputs",
      () => on(layers.dense({ units: 3, name }), x(5), x(5)),
      "here: takes one input, got (n, 5) and (n, 5); join them first, for example with layers.concatenate().",
    ],
    [
      "lstm, rows without steps",
      () => on(layers.lstm({ units: 3, name }), x(12)),
      "here: takes sequences (n, steps, features), got (n, 12); put layers.reshape({ targetShape: [12, 1] }) before it, or return sequences from the layer before it (returnSequences: true).",
    ],
    [
      "spectralNormalization, by the layer inside",
      () => {
        const layer = layers.conv2d({ filters: 2, kernelSize: 3, name: "conv" });
        return on(layers.spectralNormalization({ layer, name }), x(784));
      },
      "here/conv: takes (n, height, width, channels), got (n, 784); put layers.reshape({ targetShape: [28, 28, 1] }) before it.",
    ],
    [
      "resizing, flat images",
      () => on(layers.resizing({ height: 2, width: 2, name }), x(784)),
      "here: takes (n, height, width, channels), got (n, 784); put layers.reshape({ targetShape: [28, 28, 1] }) before it.",
    ],
    [
      "bidirectional, by the layer inside",
      () => on(layers.bidirectional({ layer: layers.gru({ units: 3, name: "gru" }) as tf.RNN, name }), x(12)),
      "here/gru: takes sequences (n, steps, features), got (n, 12); put layers.reshape({ targetShape: [12, 1] }) before it, or return sequences from the layer before it (returnSequences: true).",
    ],
    [
      "timeDistributed, by the layer inside",
      () =>
        on(
          layers.timeDistributed({ layer: layers.conv2d({ filters: 2, kernelSize: 3, name: "conv" }), name }),
          x(9, 28, 28),
        ),
      "here/conv: takes (n, height, width, channels), got (n, 28, 28); put layers.reshape({ targetShape: [28, 28, 1] }) before it.",
    ],
    [
      "embedding, floats",
      () =>
        on(
          layers.embedding({ inputDim: 50, outputDim: 4, name }),
          layers.dense({ units: 3, name: "scores" }).apply(x(9)) as tf.SymbolicTensor,
        ),
      "here: takes whole numbers from 0 to 49, got (n, 3); put it right after the input, not after scores, which gives floats.",
    ],
    [
      "flatten, rows that are flat",
      () => on(layers.flatten({ name }), x(9)),
      "here: takes rows of two axes or more, got (n, 9); leave it out, they are flat.",
    ],
    [
      "reshape, another number of values",
      () => on(layers.reshape({ targetShape: [4, 4], name }), x(9)),
      "here: cannot make (n, 4, 4) of rows of 9 values, got (n, 9); use a targetShape whose product is 9.",
    ],
    [
      "reshape, an open size that does not come out",
      () => on(layers.reshape({ targetShape: [2, -1], name }), x(9)),
      "here: cannot make (n, 2, -1) of rows of 9 values, got (n, 9); use a targetShape whose product is a divisor of 9.",
    ],
    [
      "permute, another rank",
      () => on(layers.permute({ dims: [2, 1], name }), x(2, 3, 4)),
      "here: takes rows of 2 axes, got (n, 2, 3, 4); name each of the 3 axes in dims.",
    ],
    [
      "repeatVector, matrices",
      () => on(layers.repeatVector({ n: 2, name }), x(2, 3)),
      "here: takes (n, features), got (n, 2, 3); put layers.flatten() before it.",
    ],
    [
      "batchNormalization, an axis that is not there",
      () => on(layers.batchNormalization({ axis: 4, name }), x(28, 28, 1)),
      "here: has no axis 4 to work on, got (n, 28, 28, 1); use an axis from 1 to 3, or -1.",
    ],
    [
      "add, a skip over a layer that makes more channels and half the size",
      () => on(layers.add({ name }), x(28, 28, 16), x(14, 14, 32)),
      "here: takes inputs of one shape, got (n, 28, 28, 16) and (n, 14, 14, 32); project one with layers.conv2d({ filters: 32, kernelSize: 1, strides: 2 }).",
    ],
    [
      "add, a skip that has lost its border",
      () => on(layers.add({ name }), x(28, 28, 16), x(26, 26, 16)),
      'here: takes inputs of one shape, got (n, 28, 28, 16) and (n, 26, 26, 16); make their heights and widths equal first, for example with padding: "same".',
    ],
    [
      "add, other units",
      () => on(layers.add({ name }), x(8), x(9)),
      "here: takes inputs of one shape, got (n, 8) and (n, 9); project one with layers.dense({ units: 8 }).",
    ],
    [
      "add, one value",
      () => on(layers.add({ name }), x(8)),
      "here: takes an array of two inputs or more, got (n, 8); write apply([a, b]).",
    ],
    [
      "concatenate, other heights",
      () => on(layers.concatenate({ name }), x(28, 28, 16), x(26, 28, 16)),
      "here: takes inputs that differ in axis -1 only, got (n, 28, 28, 16) and (n, 26, 28, 16); make axis 1 equal, or join along that axis (axis: 1).",
    ],
    [
      "concatenate, other ranks",
      () => on(layers.concatenate({ name }), x(28, 28), x(28)),
      "here: takes inputs that differ in axis -1 only, got (n, 28, 28) and (n, 28); bring them to one rank with layers.reshape.",
    ],
    [
      "dot, other sizes",
      () => on(layers.dot({ axes: 1, name }), x(3), x(4)),
      "here: takes inputs of one size along axes 1, got (n, 3) and (n, 4); say other axes.",
    ],
    [
      "a layer that is used again on other rows",
      () => {
        const shared = layers.dense({ units: 3, name });
        shared.apply(x(5));
        return shared.apply(x(6));
      },
      "here: has weights for inputs with 5 at axis -1, got (n, 6); make a new layer for inputs of another size.",
    ],
    [
      "a model, rows of another shape",
      () => on(tf.sequential({ layers: [layers.dense({ units: 3, inputShape: [5] })], name }), x(6)),
      "here: is a model that takes (n, 5), got (n, 6); give it inputs of that shape, or build it for this one.",
    ],
  ];
  it.each(cases)("%s", (_, wrong, sentence) => {
    expect(wrong).toThrow(ShapeError);
    expect(wrong).toThrow(new ShapeError(sentence));
  });

  it("also in tf.sequential().add, which then has not added it", () => {
    const model = tf.sequential({ layers: [layers.dense({ units: 3, inputShape: [5] })] });
    expect(() => model.add(layers.maxPooling1d({ poolSize: 2, name }))).toThrow(
      new ShapeError(
        "here: takes (n, steps, channels), got (n, 3); put layers.reshape({ targetShape: [3, 1] }) before it.",
      ),
    );
    expect(model.layers).toHaveLength(1);
    model.add(layers.dense({ units: 1 }));
    expect(model.outputs[0]!.shape).toEqual([null, 1]);
  });

  it("and has made no weights by then", () => {
    const before = tf.memory().numTensors;
    expect(() => on(layers.conv2d({ filters: 4, kernelSize: 5 }), x(3, 3, 1))).toThrow(ShapeError);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("what fits", () => {
  it.each<[string, tf.layers.Layer, (number | null)[][], (number | null)[]]>([
    ["sizes that are not known", layers.conv2d({ filters: 2, kernelSize: 3 }), [[null, null, 3]], [null, null, 2]],
    ["a kernel as large as the image", layers.conv2d({ filters: 2, kernelSize: 3 }), [[3, 3, 1]], [1, 1, 2]],
    ["a pool with padding", layers.maxPooling2d({ poolSize: 5, padding: "same" }), [[3, 3, 1]], [1, 1, 1]],
    [
      "a causal convolution of few steps",
      layers.conv1d({ filters: 2, kernelSize: 5, padding: "causal" }),
      [[3, 1]],
      [3, 2],
    ],
    [
      "a gate for each channel",
      layers.multiply(),
      [
        [8, 8, 4],
        [1, 1, 4],
      ],
      [8, 8, 4],
    ],
    ["embedding right after the input", layers.embedding({ inputDim: 9, outputDim: 4 }), [[6]], [6, 4]],
    ["dense on each step", layers.dense({ units: 3 }), [[7, 5]], [7, 3]],
    ["reshape with an open size", layers.reshape({ targetShape: [3, -1] }), [[9]], [3, 3]],
    [
      "concatenation along the first axis",
      layers.concatenate({ axis: 1 }),
      [
        [2, 4],
        [3, 4],
      ],
      [5, 4],
    ],
  ])("%s", (_, layer, inputs, output) => {
    const y = on(layer, ...inputs.map((shape) => x(...shape))) as tf.SymbolicTensor;
    expect(y.shape.slice(1)).toEqual(output);
  });
});
