import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { depthwiseFilterGradient, depthwiseInputGradient, depthwiseWindows } from "../numerics/depthwise.js";
import { plainProducts } from "../numerics/matrix-product.js";
import { averagePoolGradient } from "../numerics/pooling.js";
import { type Resize, resizeGradient } from "../numerics/resizing.js";
import { windowsOfImages } from "../numerics/windows.js";

import tf = require("../parts.cjs");

interface Values {
  readonly shape: number[];
  readonly values: Float32Array;
}

/** The output from the inputs by name; nothing if the stock kernel is right for these. */
type Compute = (inputs: Record<string, Values>, attrs: unknown) => Values | undefined;

/**
 * Puts right what the cpu backend, the reference of all others, gets wrong: the gradients of average pools at the border,
 * of resizes, and of dilated depthwise convolutions; matrix products and batch norms that broadcast other than the first
 * dimensions; a scatter that changes its input. Call it once the package of that backend is loaded.
 */
export function correctCpuKernels(): void {
  setKernel("AvgPoolGrad", ({ dy, input }, attrs) => {
    const { filterSize, strides, pad } = attrs as tf.AvgPoolGradAttrs;
    const shape = input!.shape as tf.Tensor4D["shape"];
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad);
    averagePoolGradient(values, dy!.values, windowsOfImages(info));
    return { shape, values };
  });
  setKernel("AvgPool3DGrad", ({ dy, input }, attrs) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs as tf.AvgPool3DGradAttrs;
    const shape = input!.shape as tf.Tensor5D["shape"];
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    const info = tf.backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    averagePoolGradient(values, dy!.values, info);
    return { shape, values };
  });
  setKernel("DepthwiseConv2dNativeBackpropFilter", ({ x, dy }, attrs) => {
    const { filterShape, ...options } = attrs as tf.DepthwiseConv2dNativeBackpropFilterAttrs;
    const windows = depthwiseWindows(x!.shape, filterShape, options);
    return { shape: filterShape, values: Float32Array.from(depthwiseFilterGradient(x!.values, dy!.values, windows)) };
  });
  setKernel("DepthwiseConv2dNativeBackpropInput", ({ dy, filter }, attrs) => {
    const { inputShape, ...options } = attrs as tf.DepthwiseConv2dNativeBackpropInputAttrs;
    const values = new Float32Array(tf.util.sizeFromShape(inputShape));
    const windows = depthwiseWindows(inputShape, filter!.shape, options);
    depthwiseInputGradient(values, dy!.values, filter!.values, windows);
    return { shape: inputShape, values };
  });
  for (const method of ["bilinear", "nearest"] as const) {
    const kernelName = method === "bilinear" ? "ResizeBilinearGrad" : "ResizeNearestNeighborGrad";
    setKernel(kernelName, ({ dy, images }, attrs) => {
      const [shape, from] = [images!.shape, dy!.shape] as tf.Tensor4D["shape"][];
      return { shape: shape!, values: resizeGradient(dy!.values, from!, shape!, method, attrs as Resize) };
    });
  }
  setKernel("BatchMatMul", ({ a, b }, attrs) => {
    const { transposeA, transposeB } = attrs as tf.BatchMatMulAttrs;
    const [outerOfA, outerOfB] = [a!.shape.slice(0, -2), b!.shape.slice(0, -2)];
    const outer = tf.broadcast_util.assertAndGetBroadcastShape(outerOfA, outerOfB);
    const batch = tf.util.sizeFromShape(outer);
    if ([outerOfA, outerOfB].every((own) => [1, batch].includes(tf.util.sizeFromShape(own)))) return undefined;
    const [rows, k] = a!.shape.slice(-2) as [number, number];
    const m = transposeA ? k : rows;
    const inner = transposeA ? rows : k;
    const n = b!.shape.at(transposeB ? -2 : -1)!;
    const values = new Float32Array(batch * m * n);
    const left = { values: a!.values, outer: outerOfA, isTransposed: transposeA };
    plainProducts(values, left, { values: b!.values, outer: outerOfB, isTransposed: transposeB }, outer, [m, inner, n]);
    return { shape: [...outer, m, n], values };
  });
  setKernel("FusedBatchNorm", ({ x, mean, variance, scale, offset }, attrs) => {
    const { varianceEpsilon } = attrs as tf.FusedBatchNormAttrs;
    if (mean!.shape.length === 1 || tf.util.arraysEqual(mean!.shape, x!.shape)) return undefined;
    const places = broadcastPlaces(mean!.shape, x!.shape);
    const values = x!.values.map((value, i) => {
      const place = places[i]!;
      const slope = (scale?.values[place] ?? 1) / Math.sqrt(variance!.values[place]! + varianceEpsilon);
      return (value - mean!.values[place]!) * slope + (offset?.values[place] ?? 0);
    });
    return { shape: x!.shape, values };
  });
  copyFirst("TensorScatterUpdate", "tensor");
}

/** For each position of a tensor with the shape `shape`, the one that a tensor with the shape `own` shows there. */
function broadcastPlaces(own: number[], shape: number[]): Int32Array {
  const sizes = [...new Array<number>(shape.length - own.length).fill(1), ...own]; // broadcasting fills up with ones in front
  const strides = [...tf.util.computeStrides(sizes), 1];
  const steps = sizes.map((size, i) => (size === 1 ? 0 : strides[i]!));
  return Int32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => {
    const location = tf.util.indexToLoc(i, shape.length, tf.util.computeStrides(shape));
    return location.reduce((place, index, dimension) => place + index * steps[dimension]!, 0);
  });
}

/** Registers a kernel on float32 values, in the place of the stock one, which still runs where `compute` gives nothing. */
function setKernel(kernelName: string, compute: Compute): void {
  const stock = tf.getKernel(kernelName, "cpu");
  tf.unregisterKernel(kernelName, "cpu");
  tf.registerKernel({
    ...stock,
    kernelFunc(call) {
      const cpu = call.backend as MathBackendCPU;
      const arrays = Object.entries(call.inputs).flatMap(([name, info]) => {
        if (!info) return [];
        return [[name, { shape: info.shape, values: cpu.data.get(info.dataId).values as Float32Array }] as const];
      });
      const result = compute(Object.fromEntries(arrays), call.attrs);
      return result ? cpu.makeTensorInfo(result.shape, "float32", result.values) : stock.kernelFunc(call);
    },
  });
}

/** Hands a kernel that writes into one of its inputs a copy of that input. */
function copyFirst(kernelName: string, input: string): void {
  const stock = tf.getKernel(kernelName, "cpu");
  tf.unregisterKernel(kernelName, "cpu");
  tf.registerKernel({
    ...stock,
    kernelFunc(call) {
      const cpu = call.backend as MathBackendCPU;
      const { dataId, shape, dtype } = call.inputs[input]!;
      const values = (cpu.data.get(dataId).values as Float32Array).slice();
      const copy = cpu.makeTensorInfo(shape, dtype, values);
      const result = stock.kernelFunc({ ...call, inputs: { ...call.inputs, [input]: copy } });
      cpu.disposeIntermediateTensorInfo(copy);
      return result;
    },
  });
}
