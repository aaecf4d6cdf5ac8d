import { averagePoolGradient, maxPool, maxPoolGradient } from "../numerics/pooling.js";
import { windowsOfImages } from "../numerics/windows.js";
import { floats, setKernel } from "./kernel.js";

import tf = require("../parts.cjs");

// All stock kernels but the forward pass on images begin at the smallest positive number, so a window without a positive
// value has no maximum.
setKernel("MaxPoolGrad", (backend, { dy, input }, attrs) => {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as tf.MaxPoolGradAttrs;
  const shape = input!.shape as tf.Tensor4D["shape"];
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const result = backend.makeOutput(shape, "float32");
  const dx = floats(backend, result).fill(0);
  maxPoolGradient(dx, floats(backend, dy!), floats(backend, input!), windowsOfImages(info));
  return result;
});

setKernel("AvgPoolGrad", (backend, { dy, input }, attrs) => {
  const { filterSize, strides, pad } = attrs as tf.AvgPoolGradAttrs;
  const info = tf.backend_util.computePool2DInfo(input!.shape as tf.Tensor4D["shape"], filterSize, strides, 1, pad);
  const result = backend.makeOutput(input!.shape, "float32");
  averagePoolGradient(floats(backend, result).fill(0), floats(backend, dy!), windowsOfImages(info));
  return result;
});

setKernel("AvgPool3DGrad", (backend, { dy, input }, attrs) => {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as tf.AvgPool3DGradAttrs;
  const shape = input!.shape as tf.Tensor5D["shape"];
  const info = tf.backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const result = backend.makeOutput(shape, "float32");
  averagePoolGradient(floats(backend, result).fill(0), floats(backend, dy!), info);
  return result;
});

setKernel("MaxPool3D", (backend, { x }, attrs) => {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as tf.MaxPool3DAttrs;
  const shape = x!.shape as tf.Tensor5D["shape"];
  const info = tf.backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const result = backend.makeOutput(info.outShape, "float32");
  maxPool(floats(backend, result), floats(backend, x!), info);
  return result;
});

setKernel("MaxPool3DGrad", (backend, { dy, input }, attrs) => {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as tf.MaxPool3DGradAttrs;
  const shape = input!.shape as tf.Tensor5D["shape"];
  const info = tf.backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const result = backend.makeOutput(shape, "float32");
  maxPoolGradient(floats(backend, result).fill(0), floats(backend, dy!), floats(backend, input!), info);
  return result;
});
