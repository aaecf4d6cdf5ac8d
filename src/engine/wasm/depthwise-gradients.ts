import { depthwiseFilterGradient, depthwiseInputGradient, depthwiseWindows } from "../numerics/depthwise.js";
import { floats, setKernel } from "./kernel.js";

import type tf = require("../parts.cjs");

setKernel("DepthwiseConv2dNativeBackpropFilter", (backend, { x, dy }, attrs) => {
  const { filterShape, ...options } = attrs as tf.DepthwiseConv2dNativeBackpropFilterAttrs;
  const windows = depthwiseWindows(x!.shape, filterShape, options);
  const result = backend.makeOutput(filterShape, "float32");
  floats(backend, result).set(depthwiseFilterGradient(floats(backend, x!), floats(backend, dy!), windows));
  return result;
});

setKernel("DepthwiseConv2dNativeBackpropInput", (backend, { dy, filter }, attrs) => {
  const { inputShape, ...options } = attrs as tf.DepthwiseConv2dNativeBackpropInputAttrs;
  const windows = depthwiseWindows(inputShape, filter!.shape, options);
  const result = backend.makeOutput(inputShape, "float32");
  const dx = floats(backend, result).fill(0);
  depthwiseInputGradient(dx, floats(backend, dy!), floats(backend, filter!), windows);
  return result;
});
