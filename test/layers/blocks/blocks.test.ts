import { describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../../src/core/random.js";
import { drawFrom } from "../../../src/engine/random-tensors.js";
import { tf } from "../../../src/engine/tf.js";
import type { Block } from "../../../src/layers/blocks/block.js";
import { blocks } from "../../../src/layers/blocks/blocks.js";
import { ChannelPadding } from "../../../src/layers/blocks/channel-padding.js";
import { seeded } from "../../../src/layers/initializers/seeded.js";
import { expectSavesAndCompiles, outputsOf, parametersOf, savedAndLoaded } from "../../architectures/judged-model.js";

const images = [7, 6, 4];
const rows = [5];

/** Each block with what it takes and gives, without the axis of the batch. */
const cases: [name: string, block: () => Block, input: number[], output: number[]][] = [
  ["convNormActivation", () => blocks.convNormActivation({ filters: 3, stride: 2 }), images, [4, 3, 3]],
  [
    "convNormActivation, even kernel",
    () => blocks.convNormActivation({ filters: 3, kernelSize: 2 }),
    images,
    [7, 6, 3],
  ],
  ["residual", () => blocks.residual({ filters: 4 }), images, images],
  ["residual, stride", () => blocks.residual({ filters: 6, stride: 2, zeroGamma: false }), images, [4, 3, 6]],
  ["residual, padded", () => blocks.residual({ filters: 6, stride: 2, shortcut: "pad" }), images, [4, 3, 6]],
  [
    "residual, preactivation",
    () => blocks.residual({ filters: 6, preactivation: true, zeroGamma: false }),
    images,
    [7, 6, 6],
  ],
  [
    "residual, squeezeExcite",
    () => blocks.residual({ filters: 4, squeezeExcite: 2, zeroGamma: false }),
    images,
    images,
  ],
  ["bottleneck", () => blocks.bottleneck({ filters: 2, stride: 2, zeroGamma: false }), images, [4, 3, 8]],
  [
    "bottleneck, preactivation",
    () => blocks.bottleneck({ filters: 2, expansion: 2, preactivation: true }),
    images,
    images,
  ],
  ["squeezeExcite", () => blocks.squeezeExcite({ ratio: 2 }), images, images],
  ["depthwiseSeparable", () => blocks.depthwiseSeparable({ filters: 3, stride: 2 }), images, [4, 3, 3]],
  ["invertedResidual", () => blocks.invertedResidual({ filters: 4, expansion: 3 }), images, images],
  [
    "invertedResidual, stride",
    () => blocks.invertedResidual({ filters: 5, stride: 2, kernelSize: 5 }),
    images,
    [4, 3, 5],
  ],
  ["denseResidual", () => blocks.denseResidual({ zeroInit: false }), rows, rows],
  ["denseResidual, plain", () => blocks.denseResidual({ batchNorm: false, hidden: 3, activation: "tanh" }), rows, rows],
  ["skip of a layer", () => blocks.skip(tf.layers.dense({ units: 5, activation: "tanh" })), rows, rows],
  ["skip, other columns", () => blocks.skip(tf.layers.dense({ units: 3 })), rows, [3]],
  ["skip, concat", () => blocks.skip(tf.layers.dense({ units: 3 }), { merge: "concat" }), rows, [8]],
  [
    "skip, smaller image",
    () => blocks.skip(tf.layers.maxPooling2d({ poolSize: 2, padding: "same" })),
    images,
    [4, 3, 4],
  ],
  [
    "skip, concat of smaller",
    () => blocks.skip(blocks.convNormActivation({ filters: 2, stride: 3 }), { merge: "concat" }),
    images,
    [3, 2, 6],
  ],
  [
    "skip, sequence",
    () => blocks.skip(tf.layers.conv1d({ filters: 3, kernelSize: 3, padding: "same" })),
    [6, 2],
    [6, 3],
  ],
  ["skip, shorter sequence", () => blocks.skip(tf.layers.averagePooling1d({ poolSize: 2 })), [6, 2], [3, 2]],
];

function modelOf(inputShape: number[], ...parts: Block[]): tf.LayersModel {
  const input = tf.input({ shape: inputShape });
  return tf.model({ inputs: input, outputs: parts.reduce((x, part) => part(x), input) });
}

describe("blocks", () => {
  it.each(cases)("%s: gives its shape, saves, loads and compiles", async (_, block, input, output) => {
    expect(modelOf(input, block()).outputShape).toEqual([null, ...output]);
    const weights: tf.Tensor[] = [];
    const make = () => {
      const model = modelOf(input, block());
      if (weights.length === 0) weights.push(...model.getWeights().map((weight) => weight.clone()));
      model.setWeights(weights);
      return model;
    };
    await expectSavesAndCompiles(make);
  });

  it.each(cases)("%s: two in one model have names of their own", (_, block, input) => {
    const x = tf.input({ shape: input });
    const both = tf.layers.concatenate().apply([block()(x), block()(x)]) as tf.SymbolicTensor;
    const names = tf.model({ inputs: x, outputs: both }).layers.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each<[string, (dropPath: number) => Block]>([
    ["residual", (dropPath) => blocks.residual({ filters: 4, preactivation: true, zeroGamma: false, dropPath })],
    ["bottleneck", (dropPath) => blocks.bottleneck({ filters: 1, preactivation: true, zeroGamma: false, dropPath })],
  ])("%s with dropPath is left out for some rows in training, larger for the others, and whole in use", (_, block) => {
    const [rate, n] = [0.25, 400];
    const x = tf.randomUniform([n, ...images], -1, 1, "float32", 1);
    const branch = (dropPath: number, training: boolean) => {
      const model = seeded(1, () => modelOf(images, block(dropPath)));
      const y = drawFrom(RandomStream.of(2, "dropout"), () => model.apply(x, { training }) as tf.Tensor);
      return tf.reshape(tf.sub(y, x), [n, -1]);
    };
    const distance = (a: tf.Tensor, b: tf.Tensor) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
    expect(distance(branch(rate, false), branch(0, false))).toBe(0);
    const [dropped, whole] = [branch(rate, true), branch(0, true)];
    const isKept = tf.cast(tf.any(tf.notEqual(dropped, 0), 1, true), "float32");
    expect(distance(dropped, tf.mul(tf.div(whole, 1 - rate), isKept))).toBeLessThan(1e-5);
    // Four standard deviations of a share among 400.
    expect(Math.abs(tf.mean(isKept).dataSync()[0]! - (1 - rate))).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / n));
  });

  it("a block on a loaded model takes no name that the model has", async () => {
    const loaded = await savedAndLoaded(modelOf(images, blocks.squeezeExcite({ name: "squeeze_excite_98765" })));
    const last = loaded.outputs[0]!;
    let y = blocks.squeezeExcite()(last);
    for (let i = 0; i < 2; i++) y = blocks.squeezeExcite()(y);
    expect(tf.model({ inputs: loaded.inputs, outputs: y }).layers.length).toBe(loaded.layers.length + 3 * 5);
    const renamed = modelOf(images, blocks.squeezeExcite());
    const number = Number(/squeeze_excite_(\d+)/.exec(renamed.layers[1]!.name)![1]);
    const taken = modelOf(images, blocks.squeezeExcite({ name: `squeeze_excite_${number + 1}` }));
    const next = blocks.squeezeExcite()(taken.outputs[0]!);
    expect(next.sourceLayer.name).toBe(`squeeze_excite_${number + 2}_scale`);
  });

  it("MobileNet of depthwiseSeparable has the 4,231,976 trainable parameters of keras.applications", () => {
    const widths = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024];
    const strides = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1];
    const model = modelOf(
      [224, 224, 3],
      blocks.convNormActivation({ filters: 32, stride: 2 }),
      ...widths.map((filters, i) => blocks.depthwiseSeparable({ filters, stride: strides[i]! })),
      head(1000),
    );
    expect(parametersOf(model)).toBe(4231976);
    model.dispose();
  });

  it("MobileNetV2 of invertedResidual has the 3,504,872 parameters of torchvision", () => {
    // Sandler et al., table 2: expansion, filters, blocks, stride.
    const stages = [
      [1, 16, 1, 1],
      [6, 24, 2, 2],
      [6, 32, 3, 2],
      [6, 64, 4, 2],
      [6, 96, 3, 1],
      [6, 160, 3, 2],
      [6, 320, 1, 1],
    ] as const;
    const model = modelOf(
      [224, 224, 3],
      blocks.convNormActivation({ filters: 32, stride: 2, activation: "relu6" }),
      ...stages.flatMap(([expansion, filters, count, stride]) =>
        Array.from({ length: count }, (_, i) =>
          blocks.invertedResidual({ expansion, filters, stride: i === 0 ? stride : 1 }),
        ),
      ),
      blocks.convNormActivation({ filters: 1280, kernelSize: 1, activation: "relu6" }),
      head(1000),
    );
    expect(parametersOf(model)).toBe(3504872);
    model.dispose();
  });

  it.each<[string, Block, number[]]>([
    ["denseResidual", blocks.denseResidual(), rows],
    ["residual, preactivation", blocks.residual({ filters: 4, preactivation: true }), images],
    ["bottleneck, preactivation", blocks.bottleneck({ filters: 1, preactivation: true }), images],
  ])("%s starts as its shortcut alone", (_, block, shape) => {
    const model = modelOf(shape, block);
    const x = tf.randomNormal([2, ...shape], 0, 1, "float32", 1);
    expect(outputsOf(model, x)).toEqual(Array.from(x.dataSync()));
  });

  it("the filters of a depthwise convolution start with variance 2 / kernelSize squared", () => {
    const model = modelOf([8, 8, 200], blocks.depthwiseSeparable({ filters: 1 }));
    const kernel = model.layers.find((layer) => layer.getClassName() === "DepthwiseConv2D")!.getWeights()[0]!;
    const variance = tf.moments(kernel).variance.dataSync()[0]!;
    expect(Math.abs(variance / (2 / 9) - 1)).toBeLessThan(0.1);
  });

  it("ChannelPadding keeps every second pixel and adds channels of zeros", () => {
    const layer = new ChannelPadding({ filters: 3, stride: 2 });
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    const y = layer.apply(x) as tf.Tensor;
    expect(y.arraySync()).toEqual([
      [
        [
          [1, 0, 0],
          [3, 0, 0],
        ],
        [
          [7, 0, 0],
          [9, 0, 0],
        ],
      ],
    ]);
    const gradient = tf.grad((x: tf.Tensor) => layer.apply(x) as tf.Tensor)(x);
    expect(Array.from(gradient.dataSync())).toEqual([1, 0, 1, 0, 0, 0, 1, 0, 1]);
  });

  it.each<[string, () => unknown, string]>([
    [
      "rank",
      () => modelOf(rows, blocks.residual({ filters: 4 })),
      "residual: takes images (n, height, width, channels) with a known number of channels, got (n, 5).",
    ],
    [
      "rank of rows",
      () => modelOf(images, blocks.denseResidual()),
      "denseResidual: takes rows (n, columns), got (n, 7, 6, 4). Flatten them first.",
    ],
    [
      "numbers",
      () => blocks.residual({ filters: 4 })(tf.zeros([1, 7, 6, 4]) as never),
      "residual: takes a symbolic tensor, such as tf.input(...) returns, got a Tensor.",
    ],
    ["filters", () => blocks.bottleneck({ filters: 0 }), "bottleneck: filters must be an integer from 1, got 0."],
    [
      "stride",
      () => blocks.depthwiseSeparable({ filters: 1, stride: -1 }),
      "depthwiseSeparable: stride must be an integer from 1, got -1.",
    ],
    [
      "expansion",
      () => blocks.invertedResidual({ filters: 1, expansion: 0.5 }),
      "invertedResidual: expansion must be an integer from 1, got 0.5.",
    ],
    [
      "activation",
      () => blocks.convNormActivation({ filters: 1, activation: "rleu" as never }),
      'convNormActivation: activation must be one of "relu", "relu6", "elu", "selu", "gelu", "swish", "tanh", "sigmoid", "linear", got "rleu".',
    ],
    [
      "fewer channels",
      () => modelOf(images, blocks.residual({ filters: 2, shortcut: "pad" })),
      'residual: shortcut "pad" only adds channels, and 4 come in where 2 go out. Use shortcut: "conv".',
    ],
    [
      "fewer channels of the layer",
      () => new ChannelPadding({ filters: 2, name: "pad" }).apply(tf.input({ shape: images })),
      "pad: filters must be at least the 4 channels that come in, got 2. A shortcut to fewer channels needs a convolution.",
    ],
    [
      "no function",
      () => blocks.skip("relu" as never),
      'skip: takes a layer or a function of symbolic tensors, got "relu".',
    ],
    [
      "larger",
      () => modelOf(images, blocks.skip(tf.layers.upSampling2d({ size: [2, 2] }))),
      "skip: cannot bring (n, 7, 6, 4) and what f makes of it, (n, 14, 12, 4), to one shape: a stride only makes x smaller. Let f keep the rank and give ceil(size / stride) of each axis.",
    ],
    [
      "another rank",
      () => modelOf(images, blocks.skip(tf.layers.flatten())),
      "skip: cannot bring (n, 7, 6, 4) and what f makes of it, (n, 168), to one shape: a stride only makes x smaller. Let f keep the rank and give ceil(size / stride) of each axis.",
    ],
  ])("a wrong %s is one sentence", (_, work, message) => {
    expect(work).toThrow(message);
  });
});

/** The mean over the image and a dense layer. */
function head(classes: number): Block {
  return (x) => {
    const means = tf.layers.globalAveragePooling2d({} as never).apply(x) as tf.SymbolicTensor;
    return tf.layers.dense({ units: classes }).apply(means) as tf.SymbolicTensor;
  };
}
