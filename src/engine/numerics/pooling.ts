import { countOf, tapsOf, visitWindows, type Windows } from "./windows.js";

/**
 * The gradient of an average pool, added into `dx`, which holds zeros.
 *
 * A window at the border averages the pixels it sees, so each of these gets its share of `dy`: one by the number of
 * pixels seen. (TensorFlow.js divides by the size of the whole window.)
 */
export function averagePoolGradient(dx: Float32Array, dy: Float32Array, windows: Windows): void {
  const channels = windows.inChannels;
  const seen = new Int32Array(countOf(windows));
  visitWindows(windows, (window, _tap, _pixel, length) => {
    seen[window]! += length;
  });
  visitWindows(windows, (window, _tap, pixel, length) => {
    const share = 1 / seen[window]!;
    const from = window * channels;
    for (let i = 0; i < length; i++) {
      const to = (pixel + i) * channels;
      for (let channel = 0; channel < channels; channel++) dx[to + channel]! += dy[from + channel]! * share;
    }
  });
}

/** The maximum of each window, channel by channel: `(windows, channels)`. */
export function maxPool(y: Float32Array, x: Float32Array, windows: Windows): void {
  const channels = windows.inChannels;
  y.fill(Number.NEGATIVE_INFINITY);
  visitWindows(windows, (window, _tap, pixel, length) => {
    const to = window * channels;
    for (let i = 0; i < length; i++) {
      const from = (pixel + i) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const value = x[from + channel]!;
        if (value > y[to + channel]!) y[to + channel] = value;
      }
    }
  });
}

/** The gradient of a max pool, added into `dx`, which holds zeros: `dy` goes to the first pixel that has the maximum. */
export function maxPoolGradient(dx: Float32Array, dy: Float32Array, x: Float32Array, windows: Windows): void {
  const channels = windows.inChannels;
  const seen = new Int32Array(tapsOf(windows)); // where the pixels of a window begin
  let count = 0;
  let current = 0;
  const give = () => {
    if (count === 0) return;
    for (let channel = 0; channel < channels; channel++) {
      let winner = seen[0]! + channel;
      let largest = x[winner]!;
      for (let i = 1; i < count; i++) {
        const place = seen[i]! + channel;
        const value = x[place]!;
        if (value > largest) {
          largest = value;
          winner = place;
        }
      }
      dx[winner]! += dy[current * channels + channel]!;
    }
  };
  visitWindows(windows, (window, _tap, pixel, length) => {
    if (window !== current) {
      give();
      current = window;
      count = 0;
    }
    for (let i = 0; i < length; i++) seen[count++] = (pixel + i) * channels;
  });
  give();
}
