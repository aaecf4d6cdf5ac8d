import { tapsOf, visitWindows, type Windows, windowsOfImages } from "./windows.js";

import tf = require("../parts.cjs");

/** The windows of a depthwise convolution, from the attributes of one of its gradients. */
export function depthwiseWindows(
  inputShape: number[],
  filterShape: number[],
  options: Omit<tf.DepthwiseConv2dNativeBackpropFilterAttrs, "filterShape">,
): Windows {
  const { strides, dilations, pad, dimRoundingMode } = options;
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as tf.Tensor4D["shape"],
    filterShape as tf.Tensor4D["shape"],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
  return windowsOfImages(info);
}

/** The gradient of a depthwise convolution by its filter `(taps, inChannels, multiplier)`, summed in 64 bits. */
export function depthwiseFilterGradient(x: Float32Array, dy: Float32Array, windows: Windows): Float64Array {
  const { inChannels, outChannels } = windows;
  const multiplier = outChannels / inChannels;
  const sums = new Float64Array(tapsOf(windows) * outChannels);
  visitWindows(windows, (window, tap, pixel, length) => {
    const gradients = window * outChannels;
    for (let i = 0; i < length; i++) {
      const to = (tap + i) * outChannels;
      const from = (pixel + i) * inChannels;
      if (multiplier === 1) {
        for (let channel = 0; channel < outChannels; channel++) {
          sums[to + channel]! += x[from + channel]! * dy[gradients + channel]!;
        }
        continue;
      }
      for (let channel = 0, out = 0; channel < inChannels; channel++) {
        const value = x[from + channel]!;
        for (let copy = 0; copy < multiplier; copy++, out++) sums[to + out]! += value * dy[gradients + out]!;
      }
    }
  });
  return sums;
}

/** The gradient of a depthwise convolution by its input, added into `dx`, which holds zeros. */
export function depthwiseInputGradient(
  dx: Float32Array,
  dy: Float32Array,
  filter: Float32Array,
  windows: Windows,
): void {
  const { inChannels, outChannels } = windows;
  const multiplier = outChannels / inChannels;
  visitWindows(windows, (window, tap, pixel, length) => {
    const gradients = window * outChannels;
    for (let i = 0; i < length; i++) {
      const weights = (tap + i) * outChannels;
      const to = (pixel + i) * inChannels;
      if (multiplier === 1) {
        for (let channel = 0; channel < inChannels; channel++) {
          dx[to + channel]! += dy[gradients + channel]! * filter[weights + channel]!;
        }
        continue;
      }
      for (let channel = 0, out = 0; channel < inChannels; channel++) {
        let sum = 0;
        for (let copy = 0; copy < multiplier; copy++, out++) sum += dy[gradients + out]! * filter[weights + out]!;
        dx[to + channel]! += sum;
      }
    }
  });
}
