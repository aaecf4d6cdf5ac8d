// What each layer of TensorFlow.js takes, by its class: its own errors name neither the layer nor the fix, or come only
// with the first batch.
import { tf } from "../../engine/tf.js";
import { concatenation, dotProduct, elementwise } from "./combining.js";
import { type Check, type Incoming, misfit, one, product } from "./misfit.js";
import { convolution, cropping, pool, spatial, transposedConvolution } from "./windows.js";

const anything: Check = one(() => {});

const rowsOfNumbers = one((shape, incoming) => {
  if (shape.length < 2) throw misfit(incoming, "takes (n, ..., features)", "give the input shape at least one size");
  if (shape.at(-1) === null) {
    throw misfit(
      incoming,
      "needs to know the last size",
      "give the input shape a number there, or pool over that axis",
    );
  }
});

const sequences = (incoming: Incoming) => {
  const shape = incoming.shapes[0]!; // The others are states.
  if (shape.length !== 3) {
    const row = shape.slice(1).map((size) => size ?? -1);
    const fix =
      row.length === 1
        ? `put layers.reshape({ targetShape: [${row[0]}, 1] }) before it, or return sequences from the layer before it (returnSequences: true)`
        : "bring each row to two axes with layers.reshape";
    throw misfit(incoming, "takes sequences (n, steps, features)", fix);
  }
  if (shape[2] === null) throw misfit(incoming, "needs to know the features of a step", "give the last size a number");
};

const normalization = one((shape, incoming) => {
  for (const axis of [incoming.config.axis].flat() as number[]) {
    const size = shape.at(axis);
    if (size === undefined || axis === 0) {
      throw misfit(incoming, `has no axis ${axis} to work on`, `use an axis from 1 to ${shape.length - 1}, or -1`);
    }
    if (size === null) throw misfit(incoming, `needs to know the size of axis ${axis}`, "give it a number");
  }
});

const flattening = one((shape, incoming) => {
  if (shape.length < 3) throw misfit(incoming, "takes rows of two axes or more", "leave it out, they are flat");
  if (shape.slice(1).includes(null)) {
    throw misfit(incoming, "needs to know every size", "give them numbers, or use a global pool in its place");
  }
});

const reshaping = one((shape, incoming) => {
  const target = (incoming.config.targetShape as (number | null)[]).map((size) => (size === -1 ? null : size));
  const [values, wanted] = [product(shape.slice(1)), product(target.filter((size) => size !== null))];
  const isOpen = target.includes(null);
  if (Number.isNaN(values) || (isOpen ? values % wanted === 0 : values === wanted)) return;
  const text = target.map((size) => size ?? -1).join(", ");
  throw misfit(
    incoming,
    `cannot make (n, ${text}) of rows of ${values} values`,
    `use a targetShape whose product is ${isOpen ? "a divisor of " : ""}${values}`,
  );
});

const permutation = one((shape, incoming) => {
  const dims = incoming.config.dims as number[];
  if (dims.length === shape.length - 1) return;
  throw misfit(incoming, `takes rows of ${dims.length} axes`, `name each of the ${shape.length - 1} axes in dims`);
});

const repetition = one((shape, incoming) => {
  if (shape.length !== 2) throw misfit(incoming, "takes (n, features)", "put layers.flatten() before it");
});

/** Layers that move whole numbers about and leave them whole. */
const movers = new Set(
  `InputLayer Reshape Flatten Permute RepeatVector Concatenate Cropping1D Cropping2D Cropping3D ZeroPadding1D ZeroPadding2D
  ZeroPadding3D UpSampling1D UpSampling2D UpSampling3D`.split(/\s+/),
);

const lookup = one((_, incoming) => {
  const source = incoming.sources[0]!;
  if (!isStock(source) || movers.has(source.getClassName())) return;
  throw misfit(
    incoming,
    `takes whole numbers from 0 to ${(incoming.config.inputDim as number) - 1}`,
    `put it right after the input, not after ${source.name}, which gives floats`,
  );
});

/** A wrapper around one layer; `inside` is what of each row gets to it. */
function around(inside: (shape: tf.Shape, incoming: Incoming) => tf.Shape): Check {
  return (incoming) => {
    const { className, config } = incoming.config.layer as { className: string; config: Record<string, unknown> };
    const shapes = [inside(incoming.shapes[0]!, incoming)];
    checks[className]?.({ ...incoming, name: `${incoming.name}/${config.name}`, config, shapes });
  };
}

const eachStep = around((shape, incoming) => {
  if (shape.length < 3) throw misfit(incoming, "takes (n, steps, ...)", "leave the wrapper out, there are no steps");
  return [shape[0]!, ...shape.slice(2)];
});

const whole = around((shape) => shape);

/** A layer without a kernel is refused before what it takes is looked at. */
const kernelInside: Check = (incoming) => {
  const { className } = incoming.config.layer as { className: string };
  if (/Conv|^Dense$|^Embedding$/.test(className)) whole(incoming);
};

const videos = one((shape, incoming) => {
  if (shape.length !== 5) {
    throw misfit(incoming, "takes (n, steps, height, width, channels)", "give it sequences of images");
  }
});

const checks: Record<string, Check> = {
  Dense: rowsOfNumbers,
  Conv1D: convolution(1),
  Conv2D: convolution(2),
  Conv3D: convolution(3),
  GroupedConv1D: convolution(1),
  GroupedConv2D: convolution(2),
  SeparableConv1D: convolution(1),
  SeparableConv2D: convolution(2),
  DepthwiseConv1D: convolution(1),
  DepthwiseConv2D: convolution(2),
  Conv2DTranspose: transposedConvolution(2),
  Conv3DTranspose: transposedConvolution(3),
  MaxPooling1D: pool(1),
  MaxPooling2D: pool(2),
  MaxPooling3D: pool(3),
  AveragePooling1D: pool(1),
  AveragePooling2D: pool(2),
  AveragePooling3D: pool(3),
  GlobalMaxPooling1D: spatial(1),
  GlobalMaxPooling2D: spatial(2),
  GlobalAveragePooling1D: spatial(1),
  GlobalAveragePooling2D: spatial(2),
  Cropping1D: cropping(1),
  Cropping2D: cropping(2),
  Cropping3D: cropping(3),
  ZeroPadding1D: spatial(1),
  ZeroPadding2D: spatial(2),
  ZeroPadding3D: spatial(3),
  UpSampling1D: spatial(1),
  UpSampling2D: spatial(2),
  UpSampling3D: spatial(3),
  SpatialDropout1D: spatial(1),
  CenterCrop: spatial(2),
  Resizing: spatial(2),
  CategoryEncoding: anything,
  Flatten: flattening,
  Reshape: reshaping,
  Permute: permutation,
  RepeatVector: repetition,
  Embedding: lookup,
  SimpleRNN: sequences,
  LSTM: sequences,
  GRU: sequences,
  RNN: sequences,
  ConvLSTM2D: videos,
  Bidirectional: whole,
  TimeDistributed: eachStep,
  SpectralNormalization: kernelInside,
  BatchNormalization: normalization,
  LayerNormalization: normalization,
  Add: elementwise,
  Subtract: elementwise,
  Average: elementwise,
  Maximum: elementwise,
  Minimum: elementwise,
  Multiply: elementwise,
  Concatenate: concatenation,
  Dot: dotProduct,
  Activation: anything,
  ReLU: anything,
  LeakyReLU: anything,
  PReLU: anything,
  ELU: anything,
  ThresholdedReLU: anything,
  Softmax: anything,
  Dropout: anything,
  GaussianNoise: anything,
  GaussianDropout: anything,
  AlphaDropout: anything,
  Masking: anything,
  Rescaling: anything,
};

/** Whether `layer` is one of TensorFlow.js whose inputs are checked here. */
export function isStock(layer: tf.layers.Layer): boolean {
  return layer.getClassName() in checks;
}

/** @throws ShapeError if `layer`, one of TensorFlow.js, does not take `inputs`; of any other layer nothing is known. */
export function checkFit(layer: tf.layers.Layer, inputs: readonly tf.SymbolicTensor[]): void {
  const check = layer instanceof tf.LayersModel ? modelInputs(layer) : checks[layer.getClassName()];
  if (check === undefined) return;
  const incoming = {
    name: layer.name,
    config: layer instanceof tf.LayersModel ? {} : layer.getConfig(),
    shapes: inputs.map(({ shape }) => shape),
    sources: inputs.map(({ sourceLayer }) => sourceLayer),
  };
  check(incoming);
  checkBuilt(layer, incoming);
}

/** A layer that is used again has its weights already. */
function checkBuilt(layer: tf.layers.Layer, incoming: Incoming): void {
  const axes = layer.built ? layer.inputSpec?.[0]?.axes : undefined;
  for (const [axis, size] of Object.entries(axes ?? {})) {
    const got = incoming.shapes[0]!.at(Number(axis));
    if (got === size || got === null) continue;
    throw misfit(
      incoming,
      `has weights for inputs with ${size} at axis ${axis}`,
      "make a new layer for inputs of another size",
    );
  }
}

function modelInputs(model: tf.LayersModel): Check | undefined {
  if (model.inputs === undefined) return undefined;
  return (incoming) => {
    const wanted = model.inputs.map(({ shape }) => shape);
    const fits =
      wanted.length === incoming.shapes.length &&
      wanted.every((shape, i) => {
        const got = incoming.shapes[i]!;
        return (
          got.length === shape.length && shape.every((size, k) => size === null || got[k] === null || got[k] === size)
        );
      });
    if (fits) return;
    const takes = wanted
      .map((shape) => `(${shape.map((size, i) => size ?? (i ? "any" : "n")).join(", ")})`)
      .join(" and ");
    throw misfit(incoming, `is a model that takes ${takes}`, "give it inputs of that shape, or build it for this one");
  };
}
