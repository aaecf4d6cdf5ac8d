import { countOf, visitWindows, type Windows } from "./windows.js";

/** What a morphological dilation found: the largest sum in each window and channel, and where it was. */
export interface Dilation {
  /** `(windows, channels)`. */
  readonly values: Float32Array;
  /** The position in the input that won. */
  readonly inputs: Int32Array;
  /** The position in the filter that won. */
  readonly taps: Int32Array;
}

/** The largest `x + filter` of each window, channel by channel; the first one wins. */
export function dilate(x: Float32Array, filter: Float32Array, windows: Windows): Dilation {
  const channels = windows.inChannels;
  const size = countOf(windows) * channels;
  const values = new Float32Array(size).fill(Number.NEGATIVE_INFINITY);
  const inputs = new Int32Array(size);
  const taps = new Int32Array(size);
  visitWindows(windows, (window, tap, pixel, length) => {
    for (let i = 0; i < length; i++) {
      for (let channel = 0; channel < channels; channel++) {
        const [input, weight, to] = [
          (pixel + i) * channels + channel,
          (tap + i) * channels + channel,
          window * channels + channel,
        ];
        const sum = x[input]! + filter[weight]!;
        if (sum <= values[to]!) continue;
        values[to] = sum;
        inputs[to] = input;
        taps[to] = weight;
      }
    }
  });
  return { values, inputs, taps };
}
