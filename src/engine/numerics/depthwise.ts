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

/**
 * The gradient of a depthwise convolution by its filter `(taps, inChannels, multiplier)`, summed in 64 bits. Tap by tap and
 * four channels at a time, so that their sums stay in registers.
 */
export function depthwiseFilterGradient(x: Float32Array, dy: Float32Array, windows: Windows): Float64Array {
  const { filterHeight, filterWidth, outChannels } = windows;
  const sums = new Float64Array(tapsOf(windows) * outChannels);
  for (let row = 0; row < filterHeight; row++) {
    for (let column = 0; column < filterWidth; column++) {
      const to = (row * filterWidth + column) * outChannels;
      for (let channel = 0; channel < outChannels; channel += 4) {
        const count = Math.min(4, outChannels - channel);
        sums.set(tapGradient(x, dy, windows, row, column, channel).slice(0, count), to + channel);
      }
    }
  }
  return sums;
}

/** The gradient of one tap for four channels from `channel` on; what lies beyond the last channel is meaningless. */
function tapGradient(
  x: Float32Array,
  dy: Float32Array,
  windows: Windows,
  row: number,
  column: number,
  channel: number,
): [number, number, number, number] {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = windows;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = windows;
  const multiplier = outChannels / inChannels;
  const down = row * dilationHeight - padInfo.top;
  const across = column * dilationWidth - padInfo.left;
  const first = Math.max(0, Math.ceil(-across / strideWidth));
  const last = Math.min(outWidth - 1, Math.floor((inWidth - 1 - across) / strideWidth));
  const step = strideWidth * inChannels;
  const [c0, c1, c2, c3] = [0, 1, 2, 3].map((i) => Math.floor((channel + i) / multiplier)) as [
    number,
    number,
    number,
    number,
  ];
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let image = 0; image < batchSize; image++) {
    for (let y = 0; y < outHeight; y++) {
      const source = y * strideHeight + down;
      if (source < 0 || source >= inHeight) continue;
      let from = ((image * inHeight + source) * inWidth + first * strideWidth + across) * inChannels;
      let gradient = ((image * outHeight + y) * outWidth + first) * outChannels + channel;
      for (let i = first; i <= last; i++, from += step, gradient += outChannels) {
        a += x[from + c0]! * dy[gradient]!;
        b += x[from + c1]! * dy[gradient + 1]!;
        c += x[from + c2]! * dy[gradient + 2]!;
        d += x[from + c3]! * dy[gradient + 3]!;
      }
    }
  }
  return [a, b, c, d];
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
