// How many floating-point operations a layer does on one row, going forward.
import { tf } from "../engine/tf.js";
import { modelGraph } from "./model-graph.js";

type Shape = readonly (number | null)[];

interface Use {
  readonly layer: tf.layers.Layer;
  readonly config: Readonly<Record<string, unknown>>;
  /** Shapes of rows, without the batch. */
  readonly inputs: readonly Shape[];
  readonly output: Shape;
}

type Rule = (use: Use) => number;

/**
 * Floating-point operations of one row, forward and in use (not in training). A multiplication and an addition are one each, so
 * that a multiply-add counts 2, as in PyTorch's profiler and twice the "MACs" of many papers. A bias counts 1 for each output, an
 * activation 1 for each value whatever it is (softmax 3), batch normalisation 2 (in use it is one scale and one shift), layer
 * and group normalisation 7, RMS normalisation 4, unit normalisation 3, a pool 1 for each value that it sees, positions that turn
 * queries and keys 3. Moving values is free.
 *
 * @returns `null` for a layer whose work is not known, and where a size is open.
 */
export function forwardFlops(
  layer: tf.layers.Layer,
  inputShapes: readonly tf.Shape[],
  outputShape: tf.Shape,
): number | null {
  const inputs = inputShapes.map((shape) => shape.slice(1));
  const flops = flopsOf(layer, inputs, outputShape.slice(1));
  return Number.isFinite(flops) ? flops : null;
}

function flopsOf(layer: tf.layers.Layer, inputs: readonly Shape[], output: Shape): number {
  if (layer instanceof tf.LayersModel) {
    return modelGraph("summary", layer).reduce((sum, { layer: inner, inputShapes, outputShapes }) => {
      return sum + (forwardFlops(inner, inputShapes, outputShapes[0]!) ?? Number.NaN);
    }, 0);
  }
  const rule = rules[layer.getClassName()];
  return rule?.({ layer, config: layer.getConfig(), inputs, output }) ?? Number.NaN;
}

const free: Rule = () => 0;

function each(operations: number): Rule {
  return ({ output }) => operations * size(output);
}

/** Every kernel meets every place of the output once. */
const convolution: Rule = (use) => {
  return 2 * kernelSize(use) * places(use.output, use.config) + biasAndActivation(use);
};

/** ... or every place of the input. */
const transposedConvolution: Rule = (use) => {
  return 2 * kernelSize(use) * places(use.inputs[0]!, use.config) + biasAndActivation(use);
};

const dense: Rule = (use) => 2 * kernelSize(use) * size(use.output.slice(0, -1)) + biasAndActivation(use);

/** @param gates - Operations of a step for each unit, beside the two matrix products and the bias. */
function recurrent(gates: number): Rule {
  return ({ layer, config, inputs }) => {
    const [steps] = inputs[0]!;
    const weights = weightSizes(layer);
    // A bias is added, also one of two rows.
    const own = sum(weights.map(({ name, values }) => (name.endsWith("bias") ? values : 2 * values)));
    return (steps ?? Number.NaN) * (own + gates * (config.units as number));
  };
}

const simpleRnn = recurrent(2);
const gru = recurrent(10);
const lstm = recurrent(9);
const gatesOf: Readonly<Record<string, Rule>> = { SimpleRNNCell: simpleRnn, GRUCell: gru, LSTMCell: lstm };

/** The same at each place of each step. */
const recurrentConvolution: Rule = ({ layer, config, inputs, output }) => {
  const spots = places(output.slice(-3), config);
  const own = sum(weightSizes(layer).map(({ name, values }) => (name.endsWith("bias") ? values : 2 * values)));
  return (inputs[0]![0] ?? Number.NaN) * spots * (own + 9 * (config.filters as number));
};

const bidirectional: Rule = ({ layer, config, inputs, output }) => {
  const { forwardLayer, backwardLayer } = layer as unknown as Record<"forwardLayer" | "backwardLayer", tf.layers.Layer>;
  const both = [forwardLayer, backwardLayer].map((one) => flopsOf(one, inputs, output));
  return sum(both) + (config.mergeMode === "concat" ? 0 : size(output));
};

const timeDistributed: Rule = ({ layer, inputs, output }) => {
  const inner = (layer as unknown as { layer: tf.layers.Layer }).layer;
  return (inputs[0]![0] ?? Number.NaN) * flopsOf(inner, [inputs[0]!.slice(1)], output.slice(1));
};

/** In use it is the layer in it. */
const wrapper: Rule = ({ layer, inputs, output }) => {
  return flopsOf((layer as unknown as { layer: tf.layers.Layer }).layer, inputs, output);
};

const pool: Rule = ({ config, output }) => size(output) * size([config.poolSize as number[]].flat());

const wholePool: Rule = ({ inputs }) => size(inputs[0]!);

const combination: Rule = ({ inputs, output }) => (inputs.length - 1) * size(output);

const dot: Rule = ({ config, inputs, output }) => {
  const axis = [config.axes as number].flat()[0]!;
  return 2 * (inputs[0]!.at(axis < 0 ? axis : axis - 1) ?? Number.NaN) * size(output);
};

const activation: Rule = ({ config, output }) => perValue(config.activation) * size(output);

const attention: Rule = ({ layer, config, inputs }) => {
  const [queries, keys] = [inputs[0]!, inputs[1] ?? inputs[0]!].map(([steps]) => steps ?? Number.NaN) as [
    number,
    number,
  ];
  // The keys and the values are made of the second input; the queries and the result, of the first.
  const projections = weightSizes(layer).map(({ name, values }) => {
    return values * (name.endsWith("kernel") ? 2 : 1) * (/(key|value)\/\w+$/.test(name) ? keys : queries);
  });
  const heads = (config.numHeads ?? config.numQueryHeads) as number;
  const keySize = (config.keyDim ?? config.headDim) as number;
  const valueSize = (config.valueDim ?? keySize) as number;
  const keyHeads = (config.numKeyValueHeads ?? heads) as number;
  const turned = config.positions === "rotary" ? 3 * keySize * (heads * queries + keyHeads * keys) : 0;
  return sum(projections) + turned + heads * queries * keys * (2 * keySize + 3 + 2 * valueSize);
};

/** @param score - Operations for a query and a key of so many features. */
function plainAttention(score: (features: number, scale: 0 | 1) => number): Rule {
  return ({ config, inputs }) => {
    const [query, value] = [inputs[0]!, inputs[1] ?? inputs[0]!].map((shape) =>
      shape.map((axis) => axis ?? Number.NaN),
    );
    const [queries, features] = query as [number, number];
    const [keys, valueSize] = value as [number, number];
    return queries * keys * (score(features, config.useScale ? 1 : 0) + 3 + 2 * valueSize);
  };
}

/** Numbers to vectors is a look-up; vectors to numbers, a product with each of them. */
const reversibleEmbedding: Rule = (use) => {
  return use.inputs[0]!.length === 1 ? 0 : 2 * kernelSize(use) * size(use.inputs[0]!.slice(0, -1));
};

const rules: Record<string, Rule> = {
  Dense: dense,
  Conv1D: convolution,
  Conv2D: convolution,
  Conv3D: convolution,
  DepthwiseConv2D: convolution,
  Conv2DTranspose: transposedConvolution,
  Conv3DTranspose: transposedConvolution,
  SeparableConv1D: convolution,
  SeparableConv2D: convolution,
  GroupedConv1D: convolution,
  GroupedConv2D: convolution,
  DepthwiseConv1D: convolution,
  SimpleRNN: simpleRnn,
  GRU: gru,
  LSTM: lstm,
  RNN: (use) => gatesOf[(use.config.cell as { className: string }).className]?.(use) ?? Number.NaN,
  ConvLSTM2D: recurrentConvolution,
  Bidirectional: bidirectional,
  TimeDistributed: timeDistributed,
  MaxPooling1D: pool,
  MaxPooling2D: pool,
  MaxPooling3D: pool,
  AveragePooling1D: pool,
  AveragePooling2D: pool,
  AveragePooling3D: pool,
  GlobalMaxPooling1D: wholePool,
  GlobalMaxPooling2D: wholePool,
  GlobalMaxPooling3D: wholePool,
  GlobalAveragePooling1D: wholePool,
  GlobalAveragePooling2D: wholePool,
  GlobalAveragePooling3D: wholePool,
  BatchNormalization: each(2),
  LayerNormalization: each(7),
  GroupNormalization: each(7),
  RMSNormalization: each(4),
  UnitNormalization: each(3),
  SpectralNormalization: wrapper,
  MultiHeadAttention: attention,
  GroupedQueryAttention: attention,
  Attention: plainAttention((features, scale) => 2 * features + scale),
  // A sum, its tanh and the sum of these; the scale is one for each feature.
  AdditiveAttention: plainAttention((features, scale) => (3 + scale) * features),
  ReversibleEmbedding: reversibleEmbedding,
  PositionEmbedding: each(1),
  SinusoidalPositions: each(1),
  Add: combination,
  Subtract: combination,
  Multiply: combination,
  Maximum: combination,
  Minimum: combination,
  Average: (use) => combination(use) + size(use.output),
  Dot: dot,
  Activation: activation,
  ReLU: each(1),
  LeakyReLU: each(1),
  PReLU: each(1),
  ELU: each(1),
  ThresholdedReLU: each(1),
  Softmax: each(3),
  Rescaling: each(2),
  // Between four pixels: along the rows twice, then once between them.
  Resizing: ({ config, output }) => (config.interpolation === "nearest" ? 0 : 9 * size(output)),
  ...Object.fromEntries(
    `InputLayer CategoryEncoding CenterCrop Flatten Reshape Permute RepeatVector Concatenate Embedding Masking Dropout SpatialDropout1D
    SpatialDropout2D SpatialDropout3D ActivityRegularization DropPath GaussianNoise GaussianDropout AlphaDropout ZeroPadding1D
    ZeroPadding2D ZeroPadding3D Cropping1D Cropping2D Cropping3D UpSampling1D UpSampling2D UpSampling3D ChannelPadding`
      .split(/\s+/)
      .map((name) => [name, free]),
  ),
};

function biasAndActivation({ layer, config, output }: Use): number {
  const bias = config.useBias && weightSizes(layer).length > 1 ? 1 : 0;
  return (bias + perValue(config.activation)) * size(output);
}

function perValue(name: unknown): number {
  if (name === undefined || name === null || name === "linear") return 0;
  return name === "softmax" || name === "logSoftmax" ? 3 : 1;
}

/** The values of the kernels of a layer: those of its weights that are no bias. */
function kernelSize({ layer }: Use): number {
  return sum(
    weightSizes(layer)
      .filter(({ rank }) => rank > 1)
      .map(({ values }) => values),
  );
}

function weightSizes(layer: tf.layers.Layer): { name: string; rank: number; values: number }[] {
  return layer.weights.map(({ originalName, shape }) => ({
    name: originalName,
    rank: shape.length,
    values: size(shape),
  }));
}

/** Heights times widths. */
function places(shape: Shape, { dataFormat }: Use["config"]): number {
  return size(dataFormat === "channelsFirst" ? shape.slice(1) : shape.slice(0, -1));
}

/** How many values a row of this shape has. */
export function size(shape: Shape): number {
  return shape.reduce<number>((product, axis) => product * (axis ?? Number.NaN), 1);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
