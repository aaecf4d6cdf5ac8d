import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { addParts, countOf, takePartsByTap, tapsOf, windowsOfImages } from "../numerics/windows.js";
import { floats, kernelOf, reshaped, setKernel, withTemporaries } from "./kernel.js";
import { multiply } from "./matrix-product.js";

import tf = require("../parts.cjs");

const conv2d = kernelOf("Conv2D");
const pad = kernelOf("PadV2");
const reverse = kernelOf("Reverse");
const slice = kernelOf("Slice");
const transpose = kernelOf("Transpose");
const stockInputGradient = kernelOf("Conv2DBackpropInput");

type Geometry = tf.backend_util.Conv2DInfo;
type Borders = readonly [top: number, bottom: number, left: number, right: number];

setKernel("Conv2DBackpropFilter", (backend, { x, dy }, attrs) => {
  const { strides, pad: padding, dataFormat, dimRoundingMode, filterShape } = attrs as tf.Conv2DBackpropFilterAttrs;
  const geometry = geometryOf(x!.shape, filterShape, strides, padding, dataFormat, dimRoundingMode);
  return withTemporaries(backend, (temporary) => {
    const images = temporary(channelsLast(backend, x!, geometry));
    const gradients = temporary(channelsLast(backend, dy!, geometry));
    // With few channels, or one tap, the convolution would spend its time on packing.
    return geometry.inChannels <= 4 || geometry.filterHeight * geometry.filterWidth === 1
      ? filterGradientByProduct(backend, images, gradients, geometry)
      : filterGradientByConvolution(backend, images, gradients, geometry);
  });
});

/** One matrix product of what each tap of the filter sees, and `dy`. */
function filterGradientByProduct(backend: BackendWasm, x: tf.TensorInfo, dy: tf.TensorInfo, geometry: Geometry) {
  const { inChannels, outChannels, filterShape } = geometry;
  const windows = windowsOfImages(geometry);
  const count = countOf(windows);
  return withTemporaries(backend, (temporary) => {
    const pixels = temporary(reshaped(backend, x, [tf.util.sizeFromShape(x.shape) / inChannels, inChannels]));
    const planes = temporary(transpose(backend, { x: pixels }, { perm: [1, 0] }));
    const parts = temporary(backend.makeOutput([tapsOf(windows) * inChannels, count], "float32"));
    takePartsByTap(floats(backend, parts).fill(0), floats(backend, planes), windows);
    const rows = temporary(reshaped(backend, dy, [count, outChannels]));
    return reshaped(backend, temporary(multiply(backend, parts, rows, false, false)), filterShape);
  });
}

/**
 * The gradient by the filter is itself a convolution: of `x` with channels and batch exchanged, by `dy`, where the stride
 * of the forward pass becomes the dilation.
 */
function filterGradientByConvolution(backend: BackendWasm, x: tf.TensorInfo, dy: tf.TensorInfo, geometry: Geometry) {
  const { filterHeight, filterWidth, inChannels, outChannels, strideHeight, strideWidth } = geometry;
  const { top, bottom, left, right } = geometry.padInfo;
  return withTemporaries(backend, (temporary) => {
    const padded = temporary(border(backend, x, [top, bottom, left, right]));
    const exchanged = temporary(transpose(backend, { x: padded }, { perm: [3, 1, 2, 0] }));
    const filter = temporary(transpose(backend, { x: dy }, { perm: [1, 2, 0, 3] }));
    const product = temporary(convolve(backend, exchanged, filter, [strideHeight, strideWidth]));
    const size = [inChannels, filterHeight, filterWidth, outChannels];
    const exact = temporary(slice(backend, { x: product }, { begin: [0, 0, 0, 0], size }));
    return transpose(backend, { x: exact }, { perm: [1, 2, 0, 3] });
  });
}

/** With stride 1 a convolution by the flipped filter, else one matrix product whose parts are added up where they belong. */
setKernel("Conv2DBackpropInput", (backend, { dy, filter }, attrs) => {
  const { strides, pad: padding, dataFormat, dimRoundingMode, inputShape } = attrs as tf.Conv2DBackpropInputAttrs;
  const geometry = geometryOf(inputShape, filter!.shape, strides, padding, dataFormat, dimRoundingMode);
  if (dataFormat === "NCHW") return stockInputGradient(backend, { dy: dy!, filter: filter! }, attrs);
  const { strideHeight, strideWidth } = geometry;
  return strideHeight === 1 && strideWidth === 1 && geometry.inChannels > 1
    ? byFlippedFilter(backend, dy!, filter!, geometry)
    : byMatrixProduct(backend, dy!, filter!, geometry);
});

function byFlippedFilter(backend: BackendWasm, dy: tf.TensorInfo, filter: tf.TensorInfo, geometry: Geometry) {
  const { filterHeight, filterWidth, inHeight, inWidth, inChannels } = geometry;
  const { top, left } = geometry.padInfo;
  return withTemporaries(backend, (temporary) => {
    // More padding than filter leaves outputs that saw no input at all: those borders of dy are cut off.
    const [above, before] = [filterHeight - 1 - top, filterWidth - 1 - left];
    const borders = [above, inHeight + top - dy.shape[1]!, before, inWidth + left - dy.shape[2]!] as const;
    const padded = temporary(border(backend, dy, borders));
    const flipped = temporary(reverse(backend, { x: filter }, { dims: [0, 1] }));
    const exchanged = temporary(transpose(backend, { x: flipped }, { perm: [0, 1, 3, 2] }));
    const gradient = convolve(backend, padded, exchanged, 1);
    const shape = [dy.shape[0]!, inHeight, inWidth, inChannels];
    if (tf.util.arraysEqual(gradient.shape, shape)) return gradient;
    return slice(backend, { x: temporary(gradient) }, { begin: [0, 0, 0, 0], size: shape });
  });
}

function byMatrixProduct(backend: BackendWasm, dy: tf.TensorInfo, filter: tf.TensorInfo, geometry: Geometry) {
  const { inShape, outChannels } = geometry;
  const windows = windowsOfImages(geometry);
  return withTemporaries(backend, (temporary) => {
    const rows = temporary(reshaped(backend, dy, [countOf(windows), outChannels]));
    const columns = temporary(reshaped(backend, filter, [tapsOf(windows) * geometry.inChannels, outChannels]));
    const parts = temporary(multiply(backend, rows, columns, false, true));
    const gradient = backend.makeOutput(inShape, "float32");
    addParts(floats(backend, gradient).fill(0), floats(backend, parts), windows);
    return gradient;
  });
}

function geometryOf(
  inputShape: number[],
  filterShape: number[],
  strides: number | number[],
  padding: tf.Conv2DBackpropFilterAttrs["pad"],
  dataFormat: string,
  dimRoundingMode?: "floor" | "round" | "ceil",
): Geometry {
  return tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides as [number, number],
    1,
    padding,
    dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(dataFormat as "NHWC" | "NCHW"),
  );
}

function channelsLast(backend: BackendWasm, x: tf.TensorInfo, { dataFormat }: Geometry): tf.TensorInfo {
  return dataFormat === "channelsLast"
    ? reshaped(backend, x, x.shape)
    : transpose(backend, { x }, { perm: [0, 2, 3, 1] });
}

/** Zeros around each image; a negative size cuts rows or columns off. */
function border(backend: BackendWasm, x: tf.TensorInfo, sizes: Borders): tf.TensorInfo {
  if (sizes.every((size) => size === 0)) return reshaped(backend, x, x.shape);
  const [top, bottom, left, right] = sizes.map((size) => Math.max(0, size)) as [number, number, number, number];
  const paddings = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  const padded = pad(backend, { x }, { paddings, constantValue: 0 });
  if (sizes.every((size) => size >= 0)) return padded;
  const [cutTop, cutBottom, cutLeft, cutRight] = sizes.map((size) => Math.max(0, -size)) as [
    number,
    number,
    number,
    number,
  ];
  const [images, height, width, channels] = padded.shape as [number, number, number, number];
  const size = [images, height - cutTop - cutBottom, width - cutLeft - cutRight, channels];
  return withTemporaries(backend, (temporary) =>
    slice(backend, { x: temporary(padded) }, { begin: [0, cutTop, cutLeft, 0], size }),
  );
}

function convolve(
  backend: BackendWasm,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  dilations: number | number[],
): tf.TensorInfo {
  return conv2d(backend, { x, filter }, { strides: 1, pad: "valid", dataFormat: "NHWC", dilations });
}
