import { depthwiseFilterGradient, depthwiseInputGradient, depthwiseWindows } from "../numerics/depthwise.js";
import { floats, kernelOf, setKernel, withTemporaries } from "./kernel.js";

import type tf = require("../parts.cjs");

const convolve = kernelOf("DepthwiseConv2dNative");
const reverse = kernelOf("Reverse");

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
  const { strideHeight, strideWidth, inChannels, outChannels, effectiveFilterHeight, effectiveFilterWidth } = windows;
  const { top, left } = windows.padInfo;
  const [above, before] = [effectiveFilterHeight - 1 - top, effectiveFilterWidth - 1 - left];
  const [below, after] = [
    windows.inHeight + effectiveFilterHeight - 1 - above - windows.outHeight,
    windows.inWidth + effectiveFilterWidth - 1 - before - windows.outWidth,
  ];
  const isFlippable = inChannels === outChannels && Math.min(above, before, below, after) >= 0;
  if (strideHeight === 1 && strideWidth === 1 && isFlippable) {
    return withTemporaries(backend, (temporary) => {
      const flipped = temporary(reverse(backend, { x: filter! }, { dims: [0, 1] }));
      const pad = [
        [0, 0],
        [above, below],
        [before, after],
        [0, 0],
      ];
      return convolve(backend, { x: dy!, filter: flipped }, { strides: 1, pad, dilations: options.dilations });
    });
  }
  const result = backend.makeOutput(inputShape, "float32");
  const dx = floats(backend, result).fill(0);
  depthwiseInputGradient(dx, floats(backend, dy!), floats(backend, filter!), windows);
  return result;
});
