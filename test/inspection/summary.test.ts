import { describe, expect, it } from "@jest/globals";
import { resnet } from "../../src/architectures/resnet.js";
import { transformer } from "../../src/architectures/transformer.js";
import { unet } from "../../src/architectures/unet.js";
import { OptionError } from "../../src/core/errors.js";
import { tf } from "../../src/engine/tf.js";
import { graphRows } from "../../src/inspection/graph-chart.js";
import { modelGraph } from "../../src/inspection/model-graph.js";
import { summary } from "../../src/inspection/summary.js";
import { ChannelPadding } from "../../src/layers/blocks/channel-padding.js";
import { build } from "../../src/layers/build.js";
import { add, concat } from "../../src/layers/combine.js";
import { layers } from "../../src/layers/layers.js";
import { displaySymbol } from "../../src/output/mime.js";

type Block = (x: tf.SymbolicTensor) => tf.SymbolicTensor;

const kernelInitializer = "zeros";
const convolution = (filters: number, kernelSize: number, strides: number): Block => {
  return (x) =>
    x.pipe(
      layers.conv2d({ filters, kernelSize, strides, padding: "same", useBias: false, kernelInitializer }),
      layers.batchNormalization(),
    );
};
const relu: Block = (x) => x.pipe(layers.activation({ activation: "relu" }));

const bottleneck = (width: number, strides: number, project: boolean): Block => {
  return (x) => {
    const y = x.pipe(
      convolution(width, 1, 1),
      relu,
      convolution(width, 3, strides),
      relu,
      convolution(4 * width, 1, 1),
    );
    return relu(add([project ? convolution(4 * width, 1, strides)(x) : x, y]));
  };
};

const basic = (filters: number, strides: number): Block => {
  return (x) => {
    const y = x.pipe(convolution(filters, 3, strides), relu, convolution(filters, 3, 1));
    return relu(add([strides > 1 ? convolution(filters, 1, strides)(x) : x, y]));
  };
};

const stage = (depth: number, block: (i: number) => Block): Block => {
  return (x) => Array.from({ length: depth }, (_, i) => block(i)).reduce((y, step) => step(y), x);
};

const resnet20 = () =>
  build([32, 32, 3], (x) =>
    x.pipe(
      convolution(16, 3, 1),
      relu,
      ...([
        stage(3, () => basic(16, 1)),
        stage(3, (i) => basic(32, i ? 1 : 2)),
        stage(3, (i) => basic(64, i ? 1 : 2)),
      ] as const),
      layers.globalAveragePooling2d(),
      layers.dense({ units: 10 }),
    ),
  );

/** The row of a layer on one input, or on several. */
function ofLayer(shape: (number | null)[] | (number | null)[][], layer: tf.layers.Layer) {
  const shapes = (Array.isArray(shape[0]) ? shape : [shape]) as (number | null)[][];
  const inputs = shapes.map((one) => tf.input({ shape: one }));
  const outputs = layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as tf.SymbolicTensor;
  return summary(tf.model({ inputs, outputs })).rows.at(-1)!;
}

describe("summary counts", () => {
  it("ResNet-50 at 224 as published: 25.56 M parameters, 4.09 G multiply-adds (torchvision: 25,557,032 and 4.09)", () => {
    const model = build([224, 224, 3], (x) =>
      x.pipe(
        convolution(64, 7, 2),
        relu,
        layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }),
        ...([
          stage(3, (i) => bottleneck(64, 1, i === 0)),
          stage(4, (i) => bottleneck(128, i ? 1 : 2, i === 0)),
          stage(6, (i) => bottleneck(256, i ? 1 : 2, i === 0)),
          stage(3, (i) => bottleneck(512, i ? 1 : 2, i === 0)),
        ] as const),
        layers.globalAveragePooling2d(),
        layers.dense({ units: 1000, kernelInitializer }),
      ),
    );
    const { rows, trainable, frozen, flops } = summary(model);
    expect(trainable).toBe(25_557_032);
    expect(frozen).toBe(53_120); // running means and variances: 26,560 channels
    const products = rows.filter(({ kind }) => kind === "Conv2D" || kind === "Dense");
    expect(products.reduce((sum, row) => sum + row.flops!, 0) / 2e9).toBeCloseTo(4.089, 3);
    expect(flops / 2e9).toBeCloseTo(4.1, 1);
  });

  it.each<[string, tf.layers.Layer, number[] | number[][], number, number]>([
    // 2 · (3·3·3 · 16) for each of 26·26 places, a bias and a relu for each of 16 channels there
    [
      "a convolution",
      layers.conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
      [28, 28, 3],
      26 * 26 * (2 * 27 * 16 + 2 * 16),
      26 * 26 * 16,
    ],
    [
      "one with strides",
      layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same", useBias: false }),
      [9, 9, 2],
      25 * 2 * 9 * 2 * 4,
      100,
    ],
    ["a depthwise one", layers.depthwiseConv2d({ kernelSize: 3, useBias: false }), [6, 6, 5], 16 * 2 * 9 * 5, 80],
    // Depthwise 3·3 over 4 channels, then 4 to 8.
    [
      "a separable one",
      layers.separableConv2d({ filters: 8, kernelSize: 3, useBias: false }),
      [6, 6, 4],
      16 * 2 * (9 * 4 + 4 * 8),
      128,
    ],
    [
      "a transposed one",
      layers.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 2, useBias: false }),
      [5, 5, 4],
      25 * 2 * 4 * 4 * 3,
      300,
    ],
    [
      "a causal one",
      layers.conv1d({ filters: 6, kernelSize: 3, padding: "causal", useBias: false }),
      [10, 4],
      10 * 2 * 3 * 4 * 6,
      60,
    ],
    ["a dense layer", layers.dense({ units: 10 }), [784], 2 * 784 * 10 + 10, 10],
    [
      "a dense layer on steps",
      layers.dense({ units: 10, useBias: false, activation: "softmax" }),
      [7, 4],
      7 * (80 + 30),
      70,
    ],
    // Four gates, each 5 inputs and 3 states to 3 units; 9 operations a unit bring them together.
    ["an LSTM", layers.lstm({ units: 3 }), [6, 5], 6 * (2 * (5 + 3) * 12 + 12 + 27), 3],
    [
      "both ways",
      layers.bidirectional({ layer: layers.lstm({ units: 3 }) as tf.RNN, mergeMode: "concat" }),
      [6, 5],
      12 * (2 * 8 * 12 + 12 + 27),
      6,
    ],
    ["each step", layers.timeDistributed({ layer: layers.dense({ units: 2 }) }), [6, 5], 6 * (20 + 2), 12],
    ["a pool", layers.maxPooling2d({ poolSize: 2 }), [8, 8, 3], 16 * 3 * 4, 48],
    ["a global pool", layers.globalAveragePooling2d(), [8, 8, 3], 192, 3],
    ["batch normalisation", layers.batchNormalization(), [8, 3], 48, 24],
    ["an embedding", layers.embedding({ inputDim: 100, outputDim: 8 }), [12], 0, 96],
    // Queries, keys, values and the result from 8 features to 8, with biases; in each of 2 heads 5·5 products of 4 features, a
    // softmax, and as many sums of values.
    [
      "self-attention",
      layers.multiHeadAttention({ heads: 2 }),
      [5, 8],
      4 * 5 * (2 * 8 * 8 + 8) + 2 * 5 * 5 * (2 * 4 + 3 + 2 * 4),
      40,
    ],
    // 5 queries of 8 features look into 7 steps of 6: queries to 2 heads of 3, keys from 6 to 2·3, values from 6 to 2·4.
    [
      "cross-attention",
      layers.multiHeadAttention({ heads: 2, keySize: 3, valueSize: 4, useBias: false }),
      [
        [5, 8],
        [7, 6],
      ],
      5 * 2 * 8 * 6 + 7 * 2 * 6 * 6 + 7 * 2 * 6 * 8 + 5 * 2 * 8 * 8 + 2 * 5 * 7 * (2 * 3 + 3 + 2 * 4),
      40,
    ],
    // Two products and a sum for each of 4 features of 2 heads, of queries and of keys.
    [
      "attention with positions that turn",
      layers.multiHeadAttention({ heads: 2, useBias: false, positions: "rotary" }),
      [5, 8],
      4 * 5 * 2 * 8 * 8 + 2 * 5 * 5 * (2 * 4 + 3 + 2 * 4) + 2 * 3 * 5 * 8,
      40,
    ],
    // 4 heads of queries, 2 of keys and values, all of 2 features.
    [
      "attention of groups",
      layers.groupedQueryAttention({ queryHeads: 4, keyHeads: 2, headSize: 2, useBias: false }),
      [5, 8],
      5 * 2 * 8 * 8 + 2 * (5 * 2 * 8 * 4) + 5 * 2 * 8 * 8 + 4 * 5 * 5 * (2 * 2 + 3 + 2 * 2),
      40,
    ],
    [
      "attention by products",
      layers.attention({ useScale: true }),
      [
        [5, 8],
        [7, 8],
      ],
      5 * 7 * (2 * 8 + 1 + 3 + 2 * 8),
      40,
    ],
    // For each of 8 features a sum, a tanh, a scale and a sum.
    [
      "attention by sums",
      layers.additiveAttention(),
      [
        [5, 8],
        [7, 8],
      ],
      5 * 7 * (4 * 8 + 3 + 2 * 8),
      40,
    ],
    ["positions that are learned", layers.positionEmbedding({ length: 5 }), [5, 8], 40, 40],
    ["positions of waves", layers.sinusoidalPositions(), [5, 8], 40, 40],
    ["numbers to vectors", layers.reversibleEmbedding({ inputDim: 11, outputDim: 8 }), [5], 0, 40],
    ["vectors to numbers", layers.reversibleEmbedding({ inputDim: 11, outputDim: 8 }), [5, 8], 5 * 2 * 8 * 11, 55],
    ["channels of zeros", new ChannelPadding({ filters: 6, stride: 2 }), [5, 5, 4], 0, 54],
    [
      "a model inside",
      tf.sequential({ layers: [layers.dense({ units: 4, inputShape: [3] }), layers.reLU()] }),
      [3],
      24 + 4 + 4,
      4,
    ],
  ])("%s", (_, layer, shape, flops, values) => {
    expect(ofLayer(shape, layer)).toMatchObject({ flops, bytes: 4 * values });
  });

  it("nothing where a size is open, or a layer is not known", () => {
    class Own extends tf.layers.Layer {
      static readonly className = "OwnKind";
    }
    expect(ofLayer([null, 4], layers.dense({ units: 2 }))).toMatchObject({ flops: null, bytes: null, trainable: 10 });
    expect(ofLayer([4], new Own({}))).toMatchObject({ flops: null, bytes: 16 });
  });

  it("the weights of a layer that is used twice once, and its work twice", () => {
    const shared = layers.dense({ units: 4, name: "shared" });
    const { rows, parameters, flops } = summary(build([4], (x) => x.pipe(shared, shared)));
    expect(rows.map(({ layer, from }) => [layer, from])).toEqual([
      ["input", []],
      ["shared", ["input"]],
      ["shared:2", ["shared"]],
    ]);
    expect([parameters, flops]).toEqual([20, 72]);
  });

  it("weights that are frozen", () => {
    const model = build([4], (x) => x.pipe(layers.dense({ units: 4, trainable: false }), layers.dense({ units: 1 })));
    expect(summary(model)).toMatchObject({ trainable: 5, frozen: 20, parameters: 25 });
  });
});

describe("summary shows", () => {
  const model = () =>
    build(
      { image: [8, 8, 1], age: [1] },
      ({ image, age }) => {
        const seen = image.pipe(layers.conv2d({ filters: 2, kernelSize: 3, activation: "relu" }), layers.flatten());
        return { score: concat([seen, age]).pipe(layers.dense({ units: 1 })) };
      },
      { name: "<b>" },
    );

  it("a table and a drawing", () => {
    const bundle = summary(model())[displaySymbol]() as Record<string, string>;
    expect(bundle["text/plain"]).toBe(
      `Model "<b>", 94 parameters, for a row 1.587 kFLOPs, 1.132 kB of activations
layer          kind         output     trainable  frozen  kFLOPs     kB  from
image          InputLayer   8 x 8 x 1          0       0       0  0.256
age            InputLayer   1                  0       0       0  0.004
conv2d_1       Conv2D       6 x 6 x 2         20       0    1.44  0.288  image
flatten_1      Flatten      72                 0       0       0  0.288  conv2d_1
concatenate_1  Concatenate  73                 0       0       0  0.292  flatten_1, age
score          Dense        1                 74       0   0.147  0.004  concatenate_1`,
    );
    expect(bundle["text/html"]).toContain("&#60;b&#62;");
    expect(bundle["text/html"]).toMatch(/<img alt="" width="\d+" src="data:image\/png;base64,iVBORw0KGgo/);
  });

  it("a ResNet-20 with its equal blocks once", () => {
    const { boxes, repeats, edges, width, height } = graphRows(modelGraph("test", resnet20()));
    expect(repeats.map(({ text }) => text)).toEqual(["3 times", "2 times", "2 times"]);
    expect(boxes).toHaveLength(21); // of 33 and as many that follow
    expect(width).toBeLessThan(800);
    expect(height).toBeLessThan(1300);
    expect(edges.length).toBeLessThan(200);
  });

  it("a group of different blocks that comes again as one", () => {
    const wide: Block = (x) =>
      add([x, x.pipe(layers.dense({ units: 32, activation: "relu" }), layers.dense({ units: 8 }))]);
    const narrow: Block = (x) => add([x, x.pipe(layers.layerNormalization(), layers.dense({ units: 8 }))]);
    const model = build([8], (x) => x.pipe(narrow, wide, narrow, wide, narrow, wide, layers.dense({ units: 1 })));
    const { boxes, repeats } = graphRows(modelGraph("test", model));
    expect(repeats.map(({ text }) => text)).toEqual(["3 times"]);
    expect(boxes).toHaveLength(1 + 3 + 3 + 1);
  });

  const drawn = (model: tf.LayersModel) => graphRows(modelGraph("test", model));

  it("a transformer with its block once, and the norm behind the last one in a box of its own", () => {
    const { boxes, repeats } = drawn(transformer({ vocabulary: 9, length: 4, size: 8, heads: 2, layers: 4 }));
    expect(repeats.map(({ text }) => text)).toEqual(["4 times"]);
    expect(boxes.slice(-3).map(({ layer }) => layer)).toEqual(["block1_feed_forward_add", "norm", "logits"]);
  });

  it("blocks that are left out ever more often as equal ones", () => {
    const { repeats } = drawn(resnet({ inputShape: [8, 8, 1], outputs: 2, stages: [4], width: 4, dropPath: 0.3 }));
    expect(repeats.map(({ text }) => text)).toEqual(["4 times"]);
  });

  it("lines with right angles, and frames around those that end in them", () => {
    const image = { inputShape: [16, 16, 1], outputs: 2 };
    const squeezed = { bottleneck: true, preactivation: true, squeezeExcite: 2 };
    for (const net of [unet({ ...image, filters: 2 }), resnet({ ...image, stages: [3], width: 4, ...squeezed })]) {
      const { edges, arrows, boxes, repeats } = drawn(net);
      const lines = arrows.map((_, line) => edges.filter(({ edge }) => edge === line));
      for (const line of lines) {
        for (const [i, { x, y }] of line.slice(1).entries()) expect(x === line[i]!.x || y === line[i]!.y).toBe(true);
      }
      for (const { x, x2, y, y2 } of repeats) {
        const isInside = (point: { x: number; y: number }) => point.y > y && point.y < y2;
        const ends = lines.filter((line) => isInside(line.at(-1)!)).flat();
        for (const point of [...boxes, ...ends].filter(isInside)) {
          expect(point.x).toBeGreaterThan(x);
          expect(point.x).toBeLessThan(x2 - 48); // the text beside them
        }
      }
    }
  });

  it.each<[tf.layers.Layer, number[], string]>([
    [
      layers.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2 }),
      [4, 4, 1],
      "transposed conv2d 2x2/2  ·  8 x 8 x 2",
    ],
    [layers.zeroPadding2d(), [4, 4, 1], "zero padding  ·  6 x 6 x 1"],
    [layers.globalAveragePooling1d(), [4, 2], "global average  ·  2"],
    [layers.multiHeadAttention({ heads: 2 }), [4, 2], "multi-head attention  ·  4 x 2"],
    [layers.bidirectional({ layer: layers.gru({ units: 3 }) as never }), [4, 2], "bidirectional gru  ·  6"],
    [layers.thresholdedReLU(), [4], "thresholded relu  ·  4"],
  ])("what a layer does in words: %#", (layer, shape, text) => {
    const inputs = tf.input({ shape });
    const { boxes } = drawn(tf.model({ inputs, outputs: layer.apply(inputs) as tf.SymbolicTensor }));
    expect(boxes.at(-1)!.text).toBe(text);
  });

  it("boxes that do not lie over one another", () => {
    const { boxes } = graphRows(modelGraph("test", model()));
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) expect(a.x2 <= b.x || b.x2 <= a.x || a.y2 <= b.y || b.y2 <= a.y).toBe(true);
    }
  });

  it("what is wrong with a model that is none, or empty", () => {
    expect(() => summary([] as never)).toThrow(
      new OptionError("summary: takes a model, from build, mlp or tf.sequential, got an array of 0."),
    );
    expect(() => summary(tf.sequential())).toThrow(
      new OptionError("summary: the model has no layers yet. Add some first."),
    );
  });
});
