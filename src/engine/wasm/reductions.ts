// The gradient of every bias, and the statistics of every batch norm, reduce the leading dimensions. The stock kernels
// transpose the whole tensor for that, and sum in 32 bits.
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { columnSums } from "../numerics/columns.js";
import { floats, kernelOf, setKernel } from "./kernel.js";

import tf = require("../parts.cjs");

for (const kernelName of ["Sum", "Mean"] as const) {
  const stock = kernelOf(kernelName);
  setKernel(kernelName, (backend, { x }, attrs) => {
    const { axis, keepDims } = attrs as { axis: number | number[]; keepDims?: boolean };
    const axes = tf.util.parseAxisParam(axis, x!.shape).sort((a, b) => a - b);
    const areLeading = axes.length < x!.shape.length && axes.every((dimension, i) => dimension === i);
    if (!areLeading || x!.dtype !== "float32") return stock(backend, { x: x! }, attrs);
    const [outShape, reducedShape] = tf.backend_util.computeOutAndReduceShapes(x!.shape, axes);
    const shape = keepDims ? tf.backend_util.expandShapeToKeepDim(outShape, axes) : outShape;
    return reduced(backend, x!, shape, kernelName === "Mean" ? tf.util.sizeFromShape(reducedShape) : 1);
  });
}

function reduced(backend: BackendWasm, x: tf.TensorInfo, shape: number[], divisor: number): tf.TensorInfo {
  const result = backend.makeOutput(shape, "float32");
  const sums = columnSums(floats(backend, x), tf.util.sizeFromShape(shape));
  const to = floats(backend, result);
  for (let i = 0; i < to.length; i++) to[i] = sums[i]! / divisor;
  return result;
}
