// The stock kernels begin at the smallest positive number, so a window without a positive sum has none.
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { type Dilation, dilate } from "../numerics/dilation.js";
import { windowsOfImages } from "../numerics/windows.js";
import { floats, setKernel } from "./kernel.js";

import tf = require("../parts.cjs");

setKernel("Dilation2D", (backend, { x, filter }, attrs) => {
  const { values, shape } = dilation(backend, x!, filter!, attrs);
  return backend.makeOutput(shape, "float32", undefined, values);
});

setKernel("Dilation2DBackpropInput", (backend, { x, filter, dy }, attrs) => {
  const { inputs } = dilation(backend, x!, filter!, attrs);
  return putAt(backend, dy!, inputs, x!.shape);
});

setKernel("Dilation2DBackpropFilter", (backend, { x, filter, dy }, attrs) => {
  const { taps } = dilation(backend, x!, filter!, attrs);
  return putAt(backend, dy!, taps, filter!.shape);
});

function dilation(
  backend: BackendWasm,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  attrs: object | undefined,
): Dilation & { shape: number[] } {
  const { strides, pad, dilations } = attrs as tf.Dilation2DAttrs;
  const info = tf.backend_util.computeDilation2DInfo(
    x.shape as tf.Tensor4D["shape"],
    filter.shape as tf.Tensor3D["shape"],
    strides,
    pad,
    "NHWC",
    dilations,
  );
  return { ...dilate(floats(backend, x), floats(backend, filter), windowsOfImages(info)), shape: info.outShape };
}

/** Adds each value of `dy` at its place. */
function putAt(backend: BackendWasm, dy: tf.TensorInfo, places: Int32Array, shape: number[]): tf.TensorInfo {
  const result = backend.makeOutput(shape, "float32");
  const to = floats(backend, result).fill(0);
  const from = floats(backend, dy);
  for (let i = 0; i < places.length; i++) to[places[i]!]! += from[i]!;
  return result;
}
