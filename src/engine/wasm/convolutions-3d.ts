// Convolutions of volumes as one matrix product over what each window sees. The stock gradients are wrong: they leave
// zeros where the last channel should be.
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { addParts, countOf, takeParts, tapsOf, type Windows } from "../numerics/windows.js";
import { floats, reshaped, setKernel, withTemporaries } from "./kernel.js";
import { multiply } from "./matrix-product.js";

import tf = require("../parts.cjs");

setKernel("Conv3D", (backend, { x, filter }, attrs) => {
  const { strides, pad, dilations } = attrs as tf.Conv3DAttrs;
  const windows = windowsOf(x!.shape, filter!.shape, strides, pad, dilations);
  return withTemporaries(backend, (temporary) => {
    const parts = temporary(partsOf(backend, x!, windows));
    const weights = temporary(reshaped(backend, filter!, [parts.shape[1]!, windows.outChannels]));
    const product = temporary(multiply(backend, parts, weights, false, false));
    return reshaped(backend, product, windows.outShape);
  });
});

setKernel("Conv3DBackpropInputV2", (backend, { dy, filter }, attrs) => {
  const { strides, pad, inputShape } = attrs as tf.Conv3DBackpropInputV2Attrs;
  const windows = windowsOf(inputShape, filter!.shape, strides, pad, 1);
  return withTemporaries(backend, (temporary) => {
    const rows = temporary(reshaped(backend, dy!, [countOf(windows), windows.outChannels]));
    const weights = [tapsOf(windows) * windows.inChannels, windows.outChannels];
    const parts = temporary(multiply(backend, rows, temporary(reshaped(backend, filter!, weights)), false, true));
    const gradient = backend.makeOutput(inputShape, "float32");
    addParts(floats(backend, gradient).fill(0), floats(backend, parts), windows);
    return gradient;
  });
});

setKernel("Conv3DBackpropFilterV2", (backend, { x, dy }, attrs) => {
  const { strides, pad, filterShape } = attrs as tf.Conv3DBackpropFilterV2Attrs;
  const windows = windowsOf(x!.shape, filterShape, strides, pad, 1);
  return withTemporaries(backend, (temporary) => {
    const parts = temporary(partsOf(backend, x!, windows));
    const rows = temporary(reshaped(backend, dy!, [countOf(windows), windows.outChannels]));
    return reshaped(backend, temporary(multiply(backend, parts, rows, true, false)), filterShape);
  });
});

function partsOf(backend: BackendWasm, x: tf.TensorInfo, windows: Windows): tf.TensorInfo {
  const parts = backend.makeOutput([countOf(windows), tapsOf(windows) * windows.inChannels], "float32");
  takeParts(floats(backend, parts).fill(0), floats(backend, x), windows);
  return parts;
}

function windowsOf(
  inputShape: number[],
  filterShape: number[],
  strides: number | [number, number, number],
  pad: "valid" | "same",
  dilations: number | [number, number, number],
) {
  return tf.backend_util.computeConv3DInfo(
    inputShape as tf.Tensor5D["shape"],
    filterShape as tf.Tensor5D["shape"],
    strides,
    dilations,
    pad,
  );
}
