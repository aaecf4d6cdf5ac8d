import tf = require("../../parts.cjs");

import { cast, div } from "../elementwise.js";
import { sizeOf, type Value } from "../graph.js";
import { defineKernels, type KernelAttributes } from "../kernel.js";
import { reshape, toChannelsFirst, toChannelsLast } from "../layout.js";
import { node, sameShape, scalar, stored } from "../nodes.js";
import { type Geometry, geometry2d, geometry3d, windowAttributes } from "./convolution.js";

function geometryOf(
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode, dataFormat }: KernelAttributes,
): Geometry {
  if (dataFormat && dataFormat !== "NHWC" && dataFormat !== "NDHWC") throw new Error(dataFormat);
  if (dimRoundingMode === "ceil") throw new Error("dimRoundingMode ceil");
  const { computePool2DInfo, computePool3DInfo } = tf.backend_util;
  return shape.length === 4
    ? geometry2d(
        computePool2DInfo(shape as [number, number, number, number], filterSize, strides, 1, pad, dimRoundingMode),
      )
    : geometry3d(
        computePool3DInfo(
          shape as [number, number, number, number, number],
          filterSize,
          strides,
          1,
          pad,
          dimRoundingMode,
        ),
      );
}

/** The greatest of each window, and where in the whole tensor it was. */
function maxPool(x: Value, geometry: Geometry): readonly [Value, Value] {
  const shape = [x.shape[0]!, x.shape[1]!, ...geometry.outSize];
  const outputs = [
    { shape, dtype: "float32" },
    { shape, dtype: "int64" },
  ] as const;
  return x.graph.add("MaxPool", [stored(x)], windowAttributes(geometry), outputs).outputs as unknown as [Value, Value];
}

function maxPoolGradient(dy: Value, x: Value, geometry: Geometry): Value {
  const [, places] = maxPool(x, geometry);
  const { kernel, strides, before, after } = geometry;
  const isTiled = sameShape(kernel, strides) && [...before, ...after].every((width) => width === 0);
  if (isTiled && kernel.length === 2) {
    const shape = x.graph.integers(x.shape);
    return node(
      "MaxUnpool",
      [dy, places, shape],
      { kernel_shape: kernel, strides },
      { shape: x.shape, dtype: "float32" },
    );
  }
  // Windows overlap: one element may be the greatest of several, and takes from each.
  const count = sizeOf(dy.shape);
  const zeros = x.graph.splat(0, { shape: [sizeOf(x.shape)], dtype: "float32" });
  const flat = [zeros, reshape(places, [count]), reshape(dy, [count])];
  const added = node("ScatterElements", flat, { axis: 0, reduction: "add" }, zeros);
  return reshape(added, x.shape);
}

function avgPool(x: Value, geometry: Geometry): Value {
  const shape = [x.shape[0]!, x.shape[1]!, ...geometry.outSize];
  return node("AveragePool", [x], windowAttributes(geometry), { shape, dtype: "float32" });
}

/** Each element of a window takes its share: one part of as many as the window has inside the tensor. */
function avgPoolGradient(dy: Value, xShape: readonly number[], geometry: Geometry): Value {
  const { kernel, strides, before, after, inSize, outSize } = geometry;
  const { graph } = dy;
  const channels = dy.shape[1]!;
  const isInside = [...before, ...after].every((width) => width === 0);
  const counts = isInside
    ? scalar(dy, sizeOf(kernel))
    : graph.constant(windowSizes(geometry), { shape: [1, 1, ...outSize], dtype: "float32" });
  const ones = graph.splat(1, { shape: [channels, 1, ...kernel], dtype: "float32" });
  const missing = inSize.map(
    (size, i) => size - (strides[i]! * (outSize[i]! - 1) + kernel[i]! - before[i]! - after[i]!),
  );
  const attributes = { ...windowAttributes(geometry), group: channels, output_padding: missing };
  const shape = [dy.shape[0]!, channels, ...xShape.slice(1, -1)];
  return node("ConvTranspose", [div(dy, counts), ones], attributes, { shape, dtype: "float32" });
}

/** How many elements of the tensor each window has, without what lies in the padding. */
function windowSizes({ kernel, strides, before, inSize, outSize }: Geometry): Float32Array {
  return Float32Array.from({ length: sizeOf(outSize) }, (_, position) =>
    sizeOf(
      outSize.map((size, i) => {
        const at = Math.floor(position / sizeOf(outSize.slice(i + 1))) % size;
        const from = at * strides[i]! - before[i]!;
        return Math.min(from + kernel[i]!, inSize[i]!) - Math.max(from, 0);
      }),
    ),
  );
}

interface ResizeAttributes {
  readonly alignCorners: boolean;
  readonly halfPixelCenters?: boolean;
}

/** How much of each row of `from` goes into each row of `to`, shape `(to, from)`. */
function resizeMatrix(from: number, to: number, attributes: ResizeAttributes, isNearest: boolean): Float32Array {
  const { alignCorners, halfPixelCenters } = attributes;
  const matrix = new Float32Array(to * from);
  const ratio = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  for (let row = 0; row < to; row++) {
    if (isNearest) {
      const at = halfPixelCenters ? ratio * (row + 0.5) : ratio * row;
      matrix[row * from + Math.min(from - 1, alignCorners ? Math.round(at) : Math.floor(at))] = 1;
    } else {
      const at = halfPixelCenters ? ratio * (row + 0.5) - 0.5 : ratio * row;
      const low = Math.max(0, Math.floor(at));
      matrix[row * from + low]! += 1 - (at - low);
      matrix[row * from + Math.min(from - 1, Math.ceil(at))]! += at - low;
    }
  }
  return matrix;
}

/** Rows and columns of images `[n, height, width, channels]` mixed into `size`, or the way back if `isGradient`. */
function resize(
  x: Value,
  [height, width]: readonly [number, number],
  attributes: ResizeAttributes,
  isNearest: boolean,
  isGradient = false,
): Value {
  const { graph } = x;
  const images = toChannelsFirst(cast(x, "float32"));
  const [n, channels, h, w] = images.shape as [number, number, number, number];
  const matrix = (from: number, to: number) =>
    graph.constant(resizeMatrix(from, to, attributes, isNearest), { shape: [to, from], dtype: "float32" });
  const [rows, columns] = isGradient ? [matrix(height, h), matrix(width, w)] : [matrix(h, height), matrix(w, width)];
  const flip = (m: Value) =>
    node("Transpose", [m], { perm: [1, 0] }, { shape: [m.shape[1]!, m.shape[0]!], dtype: m.dtype });
  const left = isGradient ? flip(rows) : rows;
  const right = isGradient ? columns : flip(columns);
  const tall = node("MatMul", [left, images], {}, { shape: [n, channels, height, w], dtype: "float32" });
  return toChannelsLast(node("MatMul", [tall, right], {}, { shape: [n, channels, height, width], dtype: "float32" }));
}

const resizeGradient =
  (isNearest: boolean) =>
  ({ dy, images }: Record<string, Value>, attributes: ResizeAttributes) =>
    resize(dy!, [images!.shape[1]!, images!.shape[2]!], attributes, isNearest, true);

const average = ({ x }: Record<string, Value>, attributes: KernelAttributes) =>
  toChannelsLast(avgPool(toChannelsFirst(x!), geometryOf(x!.shape, attributes)));
const averageGradient = ({ dy, input }: Record<string, Value>, attributes: KernelAttributes) =>
  toChannelsLast(avgPoolGradient(toChannelsFirst(dy!), input!.shape, geometryOf(input!.shape, attributes)));
const greatest = ({ x }: Record<string, Value>, attributes: KernelAttributes) =>
  toChannelsLast(maxPool(toChannelsFirst(x!), geometryOf(x!.shape, attributes))[0]);
const greatestGradient = ({ dy, input }: Record<string, Value>, attributes: KernelAttributes) =>
  toChannelsLast(maxPoolGradient(toChannelsFirst(dy!), toChannelsFirst(input!), geometryOf(input!.shape, attributes)));

defineKernels({
  AvgPool: average,
  AvgPool3D: average,
  AvgPool3DGrad: averageGradient,
  AvgPoolGrad: averageGradient,
  MaxPool: greatest,
  MaxPool3D: greatest,
  MaxPool3DGrad: greatestGradient,
  MaxPoolGrad: greatestGradient,
  ResizeBilinear: ({ images }, attributes) => resize(images!, attributes.size, attributes, false),
  ResizeBilinearGrad: resizeGradient(false),
  ResizeNearestNeighbor: ({ images }, attributes) => resize(images!, attributes.size, attributes, true),
  ResizeNearestNeighborGrad: resizeGradient(true),
});
