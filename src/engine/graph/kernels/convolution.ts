import tf = require("../../parts.cjs");

import { add, mul } from "../elementwise.js";
import { sizeOf, type Value } from "../graph.js";
import { defineKernels, type KernelAttributes } from "../kernel.js";
import { reshape, toChannelsFirst, toChannelsLast, transpose } from "../layout.js";
import { node } from "../nodes.js";
import { concat, matMul, pad, slice, sum } from "../operators.js";
import { activate } from "./elementwise.js";

/** How a filter moves over the axes of space, each list with one entry for each of them. */
export interface Geometry {
  readonly inSize: readonly number[];
  readonly outSize: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

export function geometry2d(info: tf.backend_util.Conv2DInfo): Geometry {
  if (info.dataFormat !== "channelsLast") throw new Error(info.dataFormat);
  const { padInfo } = info;
  return {
    inSize: [info.inHeight, info.inWidth],
    outSize: [info.outHeight, info.outWidth],
    // Of a pool these are the filter's own sizes, too.
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    before: [padInfo.top, padInfo.left],
    after: [padInfo.bottom, padInfo.right],
  };
}

export function geometry3d(info: tf.backend_util.Conv3DInfo): Geometry {
  if (info.dataFormat !== "channelsLast") throw new Error(info.dataFormat);
  const { padInfo } = info;
  return {
    inSize: [info.inDepth, info.inHeight, info.inWidth],
    outSize: [info.outDepth, info.outHeight, info.outWidth],
    kernel: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    dilations: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    before: [padInfo.front, padInfo.top, padInfo.left],
    after: [padInfo.back, padInfo.bottom, padInfo.right],
  };
}

/** The attributes of a geometry, as `Conv`, `ConvTranspose` and the pools take them. */
export function windowAttributes({ kernel, strides, before, after }: Geometry) {
  return { kernel_shape: kernel, strides, pads: [...before, ...after] };
}

/** `x`: `[n, inChannels, ...space]`; `filter`: `[outChannels, inChannels / groups, ...kernel]`. */
function conv(x: Value, filter: Value, geometry: Geometry, groups = 1, bias?: Value): Value {
  const attributes = { ...windowAttributes(geometry), dilations: geometry.dilations, group: groups };
  const shape = [x.shape[0]!, filter.shape[0]!, ...geometry.outSize];
  return node("Conv", bias ? [x, filter, bias] : [x, filter], attributes, { shape, dtype: "float32" });
}

/** What `conv` passes back to its input: `dy` `[n, outChannels, ...]` to `[n, inChannels, ...]`. */
function convInputGradient(dy: Value, filter: Value, geometry: Geometry, groups = 1): Value {
  const { kernel, strides, dilations, before, after, inSize, outSize } = geometry;
  const reach = kernel.map((size, i) => (size - 1) * dilations[i]!);
  const perGroup = filter.shape[1]!;
  const shape = [dy.shape[0]!, perGroup * groups, ...inSize];
  const isDense =
    strides.every((stride) => stride === 1) && reach.every((far, i) => far >= before[i]! && far >= after[i]!);
  if (isDense && groups === 1) {
    // A convolution with the filter turned round: unlike ConvTranspose it runs on all threads.
    const turned = turn(transpose(filter, [1, 0, ...kernel.map((_, i) => i + 2)]));
    const around = { before: reach.map((far, i) => far - before[i]!), after: reach.map((far, i) => far - after[i]!) };
    return conv(dy, turned, { ...geometry, ...around, inSize: outSize, outSize: inSize });
  }
  const missing = inSize.map(
    (size, i) => size - (strides[i]! * (outSize[i]! - 1) + reach[i]! + 1 - before[i]! - after[i]!),
  );
  const attributes = { ...windowAttributes(geometry), dilations, group: groups, output_padding: missing };
  return node("ConvTranspose", [dy, filter], attributes, { shape, dtype: "float32" });
}

/** Reversed along the axes of space. */
function turn(filter: Value): Value {
  const { shape } = filter;
  const inSpace = (axis: number) => axis > 1 && shape[axis]! > 1;
  return slice(
    filter,
    shape.map((size, axis) => (inSpace(axis) ? size - 1 : 0)),
    shape.map((size, axis) => (inSpace(axis) ? -1 : size)),
    shape.map((_, axis) => (inSpace(axis) ? -1 : 1)),
  );
}

/** What lies under each tap of the filter, in the order of the taps: `x` `[a, b, ...space]` to `[a, b, ...outSize]` each. */
export function taps(x: Value, geometry: Geometry): Value[] {
  const { kernel, strides, dilations, outSize, before, after } = geometry;
  const space = before.map((width, i) => [width, after[i]!] as [number, number]);
  const padded = pad(x, [[0, 0], [0, 0], ...space]);
  return Array.from({ length: sizeOf(kernel) }, (_, tap) => {
    const place = kernel.map((size, i) => Math.floor(tap / sizeOf(kernel.slice(i + 1))) % size);
    const begin = place.map((at, i) => at * dilations[i]!);
    const end = begin.map((from, i) => from + (outSize[i]! - 1) * strides[i]! + 1);
    const [a, b] = [x.shape[0]!, x.shape[1]!];
    return slice(padded, [0, 0, ...begin], [a, b, ...end], [1, 1, ...strides]);
  });
}

/**
 * The gradient by the filter, `[...kernel, inChannels, outChannels]`, as one product of matrices: what lies under each tap of
 * each input channel, by what came back for each output channel.
 */
function convFilterGradient(x: Value, dy: Value, geometry: Geometry): Value {
  const [channels, outChannels] = [x.shape[1]!, dy.shape[1]!];
  const [height, width] = geometry.kernel as [number, number];
  const isDense = [...geometry.strides, ...geometry.dilations].every((step) => step === 1);
  const isSmaller = height * channels + width * outChannels < height * width * channels;
  const isLong = x.shape[0]! * sizeOf(geometry.outSize) > 4096; // below, the wider product costs more than the copies
  if (geometry.kernel.length === 2 && isDense && isSmaller && isLong) return splitFilterGradient(x, dy, geometry);
  const columns = concat(taps(swapFirst(x), geometry), 0);
  const positions = x.shape[0]! * sizeOf(geometry.outSize);
  const product = matMul(
    reshape(columns, [sizeOf(geometry.kernel) * channels, positions]),
    reshape(swapFirst(dy), [outChannels, positions]),
    { transposeB: true },
  );
  return reshape(product, [...geometry.kernel, channels, outChannels]);
}

/**
 * The same with the rows of the filter found in `x` and its columns in `dy`: a product of every row with every column, from
 * `height + width` copies instead of `height * width`.
 */
function splitFilterGradient(x: Value, dy: Value, { kernel, before, after, inSize, outSize }: Geometry): Value {
  const [height, width] = kernel as [number, number];
  const [n, channels, outChannels] = [x.shape[0]!, x.shape[1]!, dy.shape[1]!];
  const padded = pad(swapFirst(x), [
    [0, 0],
    [0, 0],
    [before[0]!, after[0]!],
    [0, 0],
  ]);
  const rows = Array.from({ length: height }, (_, row) =>
    slice(padded, [0, 0, row, 0], [channels, n, row + outSize[0]!, inSize[1]!]),
  );
  const columns = Array.from({ length: width }, (_, column) => {
    const left = column - before[1]!;
    return pad(swapFirst(dy), [
      [0, 0],
      [0, 0],
      [0, 0],
      [left, inSize[1]! - outSize[1]! - left],
    ]);
  });
  const positions = n * outSize[0]! * inSize[1]!;
  const product = matMul(
    reshape(concat(rows, 0), [height * channels, positions]),
    reshape(concat(columns, 0), [width * outChannels, positions]),
    { transposeB: true },
  );
  return transpose(reshape(product, [height, channels, width, outChannels]), [0, 2, 1, 3]);
}

function swapFirst(x: Value): Value {
  return transpose(x, [1, 0, ...x.shape.slice(2).map((_, i) => i + 2)]);
}

/** `[...kernel, in, out]` to `[out, in, ...kernel]`. */
function filterOf(filter: Value): Value {
  const axes = filter.shape.map((_, axis) => axis);
  return transpose(filter, [axes.at(-1)!, axes.at(-2)!, ...axes.slice(0, -2)]);
}

/** `[h, w, channels, multiplier]` to `[channels * multiplier, 1, h, w]`. */
function depthwiseFilterOf(filter: Value): Value {
  const [height, width, channels, multiplier] = filter.shape as [number, number, number, number];
  return reshape(transpose(filter, [2, 3, 0, 1]), [channels * multiplier, 1, height, width]);
}

type Shape4D = [number, number, number, number];
type Shape5D = [number, number, number, number, number];

function of2d(
  xShape: readonly number[],
  filterShape: readonly number[],
  attributes: KernelAttributes,
  isDepthwise = false,
): Geometry {
  const { strides, pad, dilations, dimRoundingMode, dataFormat } = attributes;
  const format = tf.backend_util.convertConv2DDataFormat(dataFormat ?? "NHWC");
  return geometry2d(
    tf.backend_util.computeConv2DInfo(
      xShape as Shape4D,
      filterShape as Shape4D,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      isDepthwise,
      format,
    ),
  );
}

function of3d(
  xShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations }: KernelAttributes,
): Geometry {
  return geometry3d(
    tf.backend_util.computeConv3DInfo(xShape as Shape5D, filterShape as Shape5D, strides, dilations ?? 1, pad),
  );
}

function forward(x: Value, filter: Value, geometry: Geometry, bias?: Value): Value {
  return toChannelsLast(conv(toChannelsFirst(x), filterOf(filter), geometry, 1, bias));
}

function depthwise(x: Value, filter: Value, geometry: Geometry, bias?: Value): Value {
  const channels = x.shape.at(-1)!;
  return toChannelsLast(conv(toChannelsFirst(x), depthwiseFilterOf(filter), geometry, channels, bias));
}

defineKernels({
  Conv2D: ({ x, filter }, attributes) => forward(x!, filter!, of2d(x!.shape, filter!.shape, attributes)),
  Conv2DBackpropFilter: ({ x, dy }, attributes) =>
    convFilterGradient(toChannelsFirst(x!), toChannelsFirst(dy!), of2d(x!.shape, attributes.filterShape, attributes)),
  Conv2DBackpropInput: ({ dy, filter }, attributes) => {
    const geometry = of2d(attributes.inputShape, filter!.shape, attributes);
    return toChannelsLast(convInputGradient(toChannelsFirst(dy!), filterOf(filter!), geometry));
  },
  Conv3D: ({ x, filter }, attributes) => forward(x!, filter!, of3d(x!.shape, filter!.shape, attributes)),
  Conv3DBackpropFilterV2: ({ x, dy }, attributes) =>
    convFilterGradient(toChannelsFirst(x!), toChannelsFirst(dy!), of3d(x!.shape, attributes.filterShape, attributes)),
  Conv3DBackpropInputV2: ({ dy, filter }, attributes) => {
    const geometry = of3d(attributes.inputShape, filter!.shape, attributes);
    return toChannelsLast(convInputGradient(toChannelsFirst(dy!), filterOf(filter!), geometry));
  },
  DepthwiseConv2dNative: ({ x, filter }, attributes) =>
    depthwise(x!, filter!, of2d(x!.shape, filter!.shape, attributes, true)),
  DepthwiseConv2dNativeBackpropFilter: ({ x, dy }, attributes) => {
    const [height, width, channels, multiplier] = attributes.filterShape as Shape4D;
    const geometry = of2d(x!.shape, attributes.filterShape, attributes, true);
    const [n, ...space] = [x!.shape[0]!, ...geometry.outSize];
    const back = reshape(toChannelsFirst(dy!), [n, channels, multiplier, ...space]);
    const each = taps(toChannelsFirst(x!), geometry).map((under) => {
      const product = mul(reshape(under, [n, channels, 1, ...space]), back);
      return reshape(sum(product, [0, 3, 4]), [1, channels, multiplier]);
    });
    return reshape(concat(each, 0), [height, width, channels, multiplier]);
  },
  DepthwiseConv2dNativeBackpropInput: ({ dy, filter }, attributes) => {
    const geometry = of2d(attributes.inputShape, filter!.shape, attributes, true);
    const channels = filter!.shape[2]!;
    return toChannelsLast(convInputGradient(toChannelsFirst(dy!), depthwiseFilterOf(filter!), geometry, channels));
  },
  FusedConv2D: (inputs, attributes) => {
    const { x, filter, bias, preluActivationWeights } = inputs;
    return finish(
      forward(x!, filter!, of2d(x!.shape, filter!.shape, attributes)),
      bias,
      preluActivationWeights,
      attributes,
    );
  },
  FusedDepthwiseConv2D: (inputs, attributes) => {
    const { x, filter, bias, preluActivationWeights } = inputs;
    const result = depthwise(x!, filter!, of2d(x!.shape, filter!.shape, attributes, true));
    return finish(result, bias, preluActivationWeights, attributes);
  },
});

interface Ending {
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

function finish(result: Value, bias: Value | undefined, alpha: Value | undefined, ending: Ending): Value {
  return activate(bias ? add(result, bias) : result, ending.activation, alpha, ending.leakyreluAlpha);
}
