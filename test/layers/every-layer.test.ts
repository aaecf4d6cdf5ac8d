// The layer contract of every layer that a user finds under `layers`, one line each.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { tf } from "../../src/engine/tf.js";
import { summary } from "../../src/inspection/summary.js";
import { layers } from "../../src/layers/layers.js";
import { type LayerCase, layerContract, modelOf, readFixture } from "../contracts/layer.js";

const steps = [5, 3];
const image = [5, 4, 3];
const volume = [3, 4, 3, 2];
const two = [
  [4, 3],
  [4, 3],
];

/** Keras' numbers of the same names. */
const fixture = readFixture("stock");
const fixtures = (...names: string[]) => ({ fixture: names.map(fixture) });

const cases: Readonly<Record<string, LayerCase>> = {
  activation: { make: () => layers.activation({ activation: "tanh" }), inputShape: steps, ...fixtures("activation") },
  add: { make: () => layers.add(), inputShape: two, ...fixtures("add") },
  average: { make: () => layers.average(), inputShape: two, ...fixtures("average") },
  averagePooling1d: {
    make: () => layers.averagePooling1d({ poolSize: 2 }),
    inputShape: steps,
    ...fixtures("averagePooling1d"),
  },
  averagePooling2d: {
    make: () => layers.averagePooling2d({ poolSize: [2, 3], strides: [1, 1] }),
    inputShape: image,
    ...fixtures("averagePooling2d"),
  },
  "averagePooling2d, same": {
    make: () => layers.averagePooling2d({ poolSize: [2, 3], padding: "same" }),
    inputShape: image,
  },
  categoryEncoding: {
    make: () => layers.categoryEncoding({ numTokens: 4 }),
    inputShape: [3],
    ids: 4,
    ...fixtures("categoryEncoding"),
  },
  "categoryEncoding that counts": {
    make: () => layers.categoryEncoding({ numTokens: 4, outputMode: "count" }),
    inputShape: [3],
    ids: 4,
    ...fixtures("categoryEncoding that counts"),
  },
  "categoryEncoding of each": {
    make: () => layers.categoryEncoding({ numTokens: 4, outputMode: "oneHot" }),
    inputShape: [3],
    ids: 4,
    ...fixtures("categoryEncoding of each", "categoryEncoding of one"),
  },
  centerCrop: { make: () => layers.centerCrop({ height: 2, width: 3 }), inputShape: image, ...fixtures("centerCrop") },
  "centerCrop of smaller images": {
    make: () => layers.centerCrop({ height: 4, width: 7 }),
    inputShape: image,
    ...fixtures("centerCrop of smaller images"),
  },
  concatenate: { make: () => layers.concatenate({ axis: 1 }), inputShape: two, ...fixtures("concatenate") },
  conv1d: {
    make: () => layers.conv1d({ filters: 2, kernelSize: 3, padding: "causal", dilationRate: 2 }),
    inputShape: steps,
    ...fixtures("conv1d"),
  },
  conv2d: {
    make: () => layers.conv2d({ filters: 2, kernelSize: 3, strides: 2, padding: "same" }),
    inputShape: image,
    ...fixtures("conv2d"),
  },
  conv2dTranspose: {
    make: () => layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2 }),
    inputShape: image,
    ...fixtures("conv2dTranspose"),
  },
  "conv2dTranspose, same": {
    make: () => layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: "same" }),
    inputShape: image,
    ...fixtures("conv2dTranspose, same"),
  },
  conv3d: {
    make: () => layers.conv3d({ filters: 2, kernelSize: 2, padding: "same" }),
    inputShape: volume,
    ...fixtures("conv3d"),
  },
  conv3dTranspose: {
    make: () => layers.conv3dTranspose({ filters: 2, kernelSize: 2, strides: 2 }),
    inputShape: volume,
    ...fixtures("conv3dTranspose"),
  },
  convLstm2d: {
    make: () => layers.convLstm2d({ filters: 2, kernelSize: 2, recurrentActivation: "sigmoid" }),
    inputShape: volume,
    ...fixtures("convLstm2d"),
  },
  "convLstm2d of sequences": {
    make: () => layers.convLstm2d({ filters: 2, kernelSize: 2, recurrentActivation: "sigmoid", returnSequences: true }),
    inputShape: volume,
    ...fixtures("convLstm2d, masked"),
  },
  cropping2D: {
    make: () =>
      layers.cropping2D({
        cropping: [
          [1, 2],
          [0, 1],
        ],
      }),
    inputShape: image,
    ...fixtures("cropping2D"),
  },
  dense: { make: () => layers.dense({ units: 2, activation: "sigmoid" }), inputShape: steps, ...fixtures("dense") },
  depthwiseConv2d: {
    make: () => layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }),
    inputShape: image,
    ...fixtures("depthwiseConv2d"),
  },
  dot: { make: () => layers.dot({ axes: 2 }), inputShape: two, ...fixtures("dot") },
  "dot of unit vectors": {
    make: () => layers.dot({ axes: 2, normalize: true }),
    inputShape: two,
    ...fixtures("dot of unit vectors"),
  },
  dropout: { make: () => layers.dropout({ rate: 0.3 }), inputShape: steps },
  elu: { make: () => layers.elu({ alpha: 0.7 }), inputShape: steps, ...fixtures("elu") },
  embedding: { make: () => layers.embedding({ inputDim: 6, outputDim: 3 }), inputShape: [4], ids: 6 },
  flatten: { make: () => layers.flatten(), inputShape: image, ...fixtures("flatten") },
  gaussianDropout: { make: () => layers.gaussianDropout({ rate: 0.3 }), inputShape: steps },
  gaussianNoise: { make: () => layers.gaussianNoise({ stddev: 0.2 }), inputShape: steps },
  globalAveragePooling2d: {
    make: () => layers.globalAveragePooling2d(),
    inputShape: image,
    ...fixtures("globalAveragePooling2d"),
  },
  globalMaxPooling2d: { make: () => layers.globalMaxPooling2d(), inputShape: image, ...fixtures("globalMaxPooling2d") },
  leakyReLU: { make: () => layers.leakyReLU({ alpha: 0.2 }), inputShape: steps, ...fixtures("leakyReLU") },
  masking: { make: () => layers.masking({ maskValue: 0 }), inputShape: steps, ...fixtures("masking") },
  maxPooling1d: {
    make: () => layers.maxPooling1d({ poolSize: 2, strides: 1 }),
    inputShape: steps,
    ...fixtures("maxPooling1d"),
  },
  maxPooling2d: {
    make: () => layers.maxPooling2d({ poolSize: 2, padding: "same" }),
    inputShape: image,
    ...fixtures("maxPooling2d"),
  },
  maximum: { make: () => layers.maximum(), inputShape: two, ...fixtures("maximum") },
  minimum: { make: () => layers.minimum(), inputShape: two, ...fixtures("minimum") },
  multiply: { make: () => layers.multiply(), inputShape: two, ...fixtures("multiply") },
  permute: { make: () => layers.permute({ dims: [3, 1, 2] }), inputShape: image, ...fixtures("permute") },
  prelu: { make: () => layers.prelu({ sharedAxes: [1] }), inputShape: steps, ...fixtures("prelu") },
  reLU: { make: () => layers.reLU({ maxValue: 0.8 }), inputShape: steps, ...fixtures("reLU") },
  repeatVector: { make: () => layers.repeatVector({ n: 3 }), inputShape: [4], ...fixtures("repeatVector") },
  rescaling: { make: () => layers.rescaling({ scale: 0.5, offset: -1 }), inputShape: image, ...fixtures("rescaling") },
  reshape: { make: () => layers.reshape({ targetShape: [6, -1] }), inputShape: image, ...fixtures("reshape") },
  resizing: { make: () => layers.resizing({ height: 3, width: 6 }), inputShape: image, ...fixtures("resizing") },
  "resizing to the nearest": {
    make: () => layers.resizing({ height: 7, width: 3, interpolation: "nearest" }),
    inputShape: image,
    ...fixtures("resizing to the nearest"),
  },
  "resizing without stretching": {
    make: () => layers.resizing({ height: 3, width: 6, cropToAspectRatio: true }),
    inputShape: image,
    ...fixtures("resizing without stretching"),
  },
  rnn: {
    make: () => layers.rnn({ cell: layers.lstmCell({ units: 2 }) }) as unknown as tf.layers.Layer,
    inputShape: steps,
  },
  separableConv2d: {
    make: () => layers.separableConv2d({ filters: 2, kernelSize: 3, depthMultiplier: 2 }),
    inputShape: image,
    ...fixtures("separableConv2d"),
  },
  softmax: { make: () => layers.softmax(), inputShape: steps, ...fixtures("softmax", "softmax, masked") },
  "softmax of an inner axis": {
    make: () => layers.softmax({ axis: 1 }),
    inputShape: steps,
    ...fixtures("softmax of an inner axis"),
  },
  "softmax of two axes": {
    make: () => layers.softmax({ axis: [1, 2] }),
    inputShape: steps,
    ...fixtures("softmax of two axes"),
  },
  spatialDropout1d: { make: () => layers.spatialDropout1d({ rate: 0.3 }), inputShape: steps },
  thresholdedReLU: { make: () => layers.thresholdedReLU({ theta: 0.4 }), inputShape: steps },
  upSampling2d: { make: () => layers.upSampling2d({ size: [2, 3] }), inputShape: image, ...fixtures("upSampling2d") },
  zeroPadding2d: {
    make: () => layers.zeroPadding2d({ padding: [1, 2] }),
    inputShape: image,
    ...fixtures("zeroPadding2d"),
  },
  multiHeadAttention: { make: () => layers.multiHeadAttention({ heads: 2 }), inputShape: [4, 4] },
  groupedQueryAttention: {
    make: () => layers.groupedQueryAttention({ queryHeads: 4, keyHeads: 2, headSize: 2 }),
    inputShape: [4, 4],
  },
  attention: { make: () => layers.attention({ useScale: true }), inputShape: two },
  additiveAttention: { make: () => layers.additiveAttention(), inputShape: two },
  sinusoidalPositions: { make: () => layers.sinusoidalPositions(), inputShape: [4, 4] },
  positionEmbedding: { make: () => layers.positionEmbedding({ length: 6 }), inputShape: [4, 4] },
  tokenAndPositionEmbedding: {
    make: () => layers.tokenAndPositionEmbedding({ vocabulary: 5, length: 6, size: 3 }),
    inputShape: [4],
    ids: 5,
  },
  reversibleEmbedding: {
    make: () => (x) => {
      const layer = layers.reversibleEmbedding({ inputDim: 5, outputDim: 3 });
      return layer.apply(layer.apply(x)) as tf.SymbolicTensor;
    },
    inputShape: [4],
    ids: 5,
  },
  transformerEncoder: {
    make: () => layers.transformerEncoder({ heads: 2, feedForward: 5, dropout: 0.1 }),
    inputShape: [4, 4],
  },
  transformerDecoder: { make: () => layers.transformerDecoder({ heads: 2, feedForward: 5 }), inputShape: [4, 4] },
};

for (const [name, layer] of Object.entries(cases)) layerContract(name, layer);

/** Those that have lines of their own, with more options and numbers, by the file in which they are. */
const elsewhere: Readonly<Record<string, readonly (keyof typeof layers)[]>> = {
  "convolution/convolution-layers": ["separableConv1d", "depthwiseConv1d"],
  "convolution/borders": ["zeroPadding1d", "zeroPadding3d", "cropping1d", "cropping3d", "upSampling1d", "upSampling3d"],
  "convolution/pooling": [
    "globalAveragePooling1d",
    "globalMaxPooling1d",
    "globalAveragePooling3d",
    "globalMaxPooling3d",
    "maxPooling3d",
    "averagePooling3d",
  ],
  "normalization/normalization": [
    "groupNormalization",
    "instanceNormalization",
    "rmsNormalization",
    "unitNormalization",
  ],
  "normalization/layer-normalization": ["layerNormalization"],
  "normalization/batch-normalization": ["batchNormalization"],
  "normalization/spectral-normalization": ["spectralNormalization"],
  "regularization/regularization-layers": [
    "activityRegularization",
    "spatialDropout2d",
    "spatialDropout3d",
    "dropPath",
    "alphaDropout",
  ],
  "wrappers/recurrent": ["lstm", "gru", "simpleRNN", "bidirectional", "timeDistributed"],
  "wrappers/wrapper-layers": ["lambda", "subtract"],
};

/** What has no contract of its own, and why. */
const exceptions: Readonly<Record<string, readonly (keyof typeof layers)[]>> = {
  "another name of a layer that has one": [
    "avgPool1d",
    "avgPool2d",
    "avgPool3d",
    "avgPooling1d",
    "avgPooling2d",
    "avgPooling3d",
    "globalMaxPool1d",
    "globalMaxPool2d",
    "maxPool1d",
    "maxPool2d",
  ],
  "the work of one step, inside of layers that have one": [
    "gruCell",
    "lstmCell",
    "simpleRNNCell",
    "convLstm2dCell",
    "stackedRNNCells",
  ],
  "a class to extend": ["Layer", "RNN", "RNNCell"],
  "an input": ["input", "inputLayer"],
  "gives images of another width for each batch, so that no layer with weights can follow": ["randomWidth"],
};

describe("the summary", () => {
  it.each(Object.entries(cases))("knows what %s costs", (_, layer) => {
    expect(summary(modelOf(layer)).rows.filter(({ flops }) => flops === null)).toEqual([]);
  });

  it("counts both kernels, the bias and the gates of a convLstm2d at each place of each step", () => {
    const make = () => layers.convLstm2d({ filters: 2, kernelSize: 2 });
    const places = 3 * 2;
    const perPlace = 2 * (2 * 2 * 2 * 8) + 2 * (2 * 2 * 2 * 8) + 8 + 9 * 2;
    expect(summary(modelOf({ make, inputShape: volume })).rows.at(-1)!.flops).toBe(3 * places * perPlace);
  });
});

describe("the contract", () => {
  const byFile = Object.entries(elsewhere).flatMap(([file, names]) => names.map((name) => [file, name] as const));

  it("leaves no layer out", () => {
    const here = Object.keys(cases).map((name) => name.split(/[ ,]/)[0]!);
    const known = [...here, ...byFile.map(([, name]) => name), ...Object.values(exceptions).flat()];
    expect(Object.keys(layers).filter((name) => !known.includes(name))).toEqual([]);
    expect(known.filter((name) => !(name in layers))).toEqual([]);
  });

  it.each(byFile)("%s has %s", (file, name) => {
    const text = readFileSync(join(import.meta.dirname, `${file}.test.ts`), "utf8");
    expect(text).toContain("layerContract(");
    expect(text).toMatch(new RegExp(`\\b${name}\\b`));
  });
});
