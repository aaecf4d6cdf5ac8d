import { tf } from "../../src/engine/tf.js";

type Build = () => tf.LayersModel;

/** A sequential model; the layer that is meant is the one in the middle of `layers`. */
const stack =
  (inputShape: number[], ...layers: (() => tf.layers.Layer)[]): Build =>
  () => {
    const model = tf.sequential();
    model.add(tf.layers.inputLayer({ inputShape }));
    for (const layer of layers) model.add(layer());
    return model;
  };

const merging = (merge: () => tf.layers.Layer): Build => {
  return () => {
    const [a, b] = [tf.input({ shape: [4] }), tf.input({ shape: [4] })];
    const towers = [a, b].map((input) => tf.layers.dense({ units: 3 }).apply(input) as tf.SymbolicTensor);
    return tf.model({ inputs: [a, b], outputs: merge().apply(towers) as tf.SymbolicTensor });
  };
};

const { layers, regularizers, constraints, initializers } = tf;

/** A small model for each class that `tf.layers` makes, with options that are not the defaults. */
export const everyLayer: Record<string, Build> = {
  dense: stack([4], () =>
    layers.dense({
      units: 3,
      activation: "hardSigmoid",
      kernelRegularizer: regularizers.l1l2({ l1: 0.1, l2: 0.2 }),
      kernelConstraint: constraints.maxNorm({ maxValue: 0.5, axis: 0 }),
      kernelInitializer: initializers.orthogonal({ gain: 3, seed: 3 }),
      biasInitializer: initializers.constant({ value: 0.25 }),
    }),
  ),
  activation: stack([4], () => layers.activation({ activation: "selu" })),
  elu: stack([4], () => layers.elu()),
  reLU: stack([4], () => layers.reLU({ maxValue: 0.5 })),
  leakyReLU: stack([4], () => layers.leakyReLU({ alpha: 0.2 })),
  prelu: stack([4], () => layers.prelu({ alphaInitializer: "randomNormal" })),
  softmax: stack([4], () => layers.softmax({ axis: 1 })),
  thresholdedReLU: stack([4], () => layers.thresholdedReLU({ theta: 0.1 })),
  dropout: stack([4], () => layers.dropout({ rate: 0.5, seed: 4 })),
  spatialDropout1d: stack([4, 2], () => layers.spatialDropout1d({ rate: 0.5 })),
  gaussianNoise: stack([4], () => layers.gaussianNoise({ stddev: 0.5 })),
  gaussianDropout: stack([4], () => layers.gaussianDropout({ rate: 0.5 })),
  alphaDropout: stack([4], () => layers.alphaDropout({ rate: 0.5 })),
  masking: stack([4, 2], () => layers.masking({ maskValue: 0.5 })),
  flatten: stack([4, 2], () => layers.flatten()),
  reshape: stack([4, 2], () => layers.reshape({ targetShape: [2, -1] })),
  permute: stack([4, 2], () => layers.permute({ dims: [2, 1] })),
  repeatVector: stack([4], () => layers.repeatVector({ n: 3 })),
  embedding: stack([4], () => layers.embedding({ inputDim: 5, outputDim: 2, maskZero: true })),
  batchNormalization: stack([4], () => layers.batchNormalization({ momentum: 0.9, epsilon: 0.01, center: false })),
  layerNormalization: stack([4], () => layers.layerNormalization({ epsilon: 0.01 })),
  conv1d: stack([8, 2], () => layers.conv1d({ filters: 3, kernelSize: 3, padding: "same", dilationRate: 2 })),
  conv2d: stack([8, 8, 2], () => layers.conv2d({ filters: 3, kernelSize: [3, 2], strides: 2, useBias: false })),
  conv3d: stack([4, 4, 4, 2], () => layers.conv3d({ filters: 2, kernelSize: 2 })),
  conv2dTranspose: stack([4, 4, 2], () => layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2 })),
  conv3dTranspose: stack([2, 2, 2, 2], () => layers.conv3dTranspose({ filters: 2, kernelSize: 2 })),
  depthwiseConv2d: stack([8, 8, 2], () => layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 })),
  separableConv2d: stack([8, 8, 2], () => layers.separableConv2d({ filters: 3, kernelSize: 3 })),
  cropping2D: stack([8, 8, 2], () => layers.cropping2D({ cropping: [[1, 2], [2, 1]] })), // biome-ignore format: one line
  upSampling2d: stack([4, 4, 2], () => layers.upSampling2d({ size: [2, 3] })),
  zeroPadding2d: stack([4, 4, 2], () => layers.zeroPadding2d({ padding: [1, 2] })),
  averagePooling1d: stack([8, 2], () => layers.averagePooling1d({ poolSize: 2 })),
  averagePooling2d: stack([8, 8, 2], () => layers.averagePooling2d({ poolSize: 2, strides: 1 })),
  averagePooling3d: stack([4, 4, 4, 2], () => layers.averagePooling3d({ poolSize: 2 })),
  maxPooling1d: stack([8, 2], () => layers.maxPooling1d({ poolSize: 2 })),
  maxPooling2d: stack([8, 8, 2], () => layers.maxPooling2d({ poolSize: [2, 3], padding: "same" })),
  maxPooling3d: stack([4, 4, 4, 2], () => layers.maxPooling3d({ poolSize: 2 })),
  globalAveragePooling1d: stack([8, 2], () => layers.globalAveragePooling1d({})),
  globalAveragePooling2d: stack([8, 8, 2], () => layers.globalAveragePooling2d({ dataFormat: "channelsLast" })),
  globalMaxPooling1d: stack([8, 2], () => layers.globalMaxPooling1d({})),
  globalMaxPooling2d: stack([8, 8, 2], () => layers.globalMaxPooling2d({ dataFormat: "channelsLast" })),
  simpleRNN: stack([4, 2], () => layers.simpleRNN({ units: 3, returnSequences: true })),
  gru: stack([4, 2], () => layers.gru({ units: 3, recurrentActivation: "sigmoid", goBackwards: true })),
  lstm: stack([4, 2], () => layers.lstm({ units: 3, unitForgetBias: true, recurrentDropout: 0.2 })),
  convLstm2d: stack([2, 6, 6, 1], () => layers.convLstm2d({ filters: 2, kernelSize: 3 })),
  rnn: stack([4, 2], () =>
    layers.rnn({
      cell: [layers.lstmCell({ units: 3 }), layers.gruCell({ units: 2 }), layers.simpleRNNCell({ units: 2 })],
    }),
  ),
  bidirectional: stack([4, 2], () =>
    layers.bidirectional({ layer: layers.lstm({ units: 3, returnSequences: true }), mergeMode: "concat" }),
  ),
  timeDistributed: stack([4, 2], () =>
    layers.timeDistributed({ layer: layers.dense({ units: 3, activation: "tanh" }) }),
  ),
  rescaling: stack([4, 4, 3], () => layers.rescaling({ scale: 0.5, offset: 0.1 })),
  resizing: stack([4, 4, 3], () => layers.resizing({ height: 6, width: 5 })),
  centerCrop: stack([4, 4, 3], () => layers.centerCrop({ height: 2, width: 2 })),
  categoryEncoding: stack([4], () => layers.categoryEncoding({ numTokens: 5, outputMode: "multiHot" })),
  add: merging(() => layers.add()),
  average: merging(() => layers.average()),
  concatenate: merging(() => layers.concatenate({ axis: -1 })),
  maximum: merging(() => layers.maximum()),
  minimum: merging(() => layers.minimum()),
  multiply: merging(() => layers.multiply()),
  dot: merging(() => layers.dot({ axes: 1, normalize: true })),
};

/** Layers that TensorFlow.js itself computes wrongly: it gives resizing a list, and adds to memory that it does not clear. */
export const cannotCompute = ["resizing", "conv3dTranspose"];

/** Layers of which TensorFlow.js forgets a part of the description: the type of an embedding, the name of stacked cells. */
export const redescribed = ["embedding", "rnn"];
