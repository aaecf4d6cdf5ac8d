import type tf = require("../parts.cjs");

/** How the windows of a convolution or a pool lie on images or volumes; an image is a volume of depth 1. */
export type Windows = Omit<tf.backend_util.Conv3DInfo, "dataFormat" | "inShape" | "outShape" | "filterShape">;

/** The windows of an operation on images, channels last. */
export function windowsOfImages(info: tf.backend_util.Conv2DInfo): Windows {
  const flat = { inDepth: 1, outDepth: 1, strideDepth: 1, filterDepth: 1, effectiveFilterDepth: 1, dilationDepth: 1 };
  return { ...info, ...flat, padInfo: { ...info.padInfo, front: 0, back: 0 } };
}

/** How many taps a window has. */
export function tapsOf({ filterDepth, filterHeight, filterWidth }: Windows): number {
  return filterDepth * filterHeight * filterWidth;
}

/** How many windows there are, over all images. */
export function countOf({ batchSize, outDepth, outHeight, outWidth }: Windows): number {
  return batchSize * outDepth * outHeight * outWidth;
}

/**
 * Calls `visit` for each run of taps of a window that lie side by side on the input: `length` taps from `tap`, on
 * `length` pixels from `pixel` (all counted from 0, pixels over the whole batch). Taps on the border are left out.
 */
export function visitWindows(
  windows: Windows,
  visit: (window: number, tap: number, pixel: number, length: number) => void,
): void {
  const { batchSize, inDepth, inHeight, inWidth, outDepth, outHeight, outWidth, padInfo } = windows;
  const { filterDepth, filterHeight, filterWidth, strideDepth, strideHeight, strideWidth } = windows;
  const { dilationDepth, dilationHeight, dilationWidth } = windows;
  let window = 0;
  for (let image = 0; image < batchSize; image++) {
    for (let z = 0; z < outDepth; z++) {
      for (let y = 0; y < outHeight; y++) {
        for (let x = 0; x < outWidth; x++, window++) {
          const left = x * strideWidth - padInfo.left;
          for (let i = 0; i < filterDepth; i++) {
            const slice = z * strideDepth - padInfo.front + i * dilationDepth;
            if (slice < 0 || slice >= inDepth) continue;
            for (let j = 0; j < filterHeight; j++) {
              const row = y * strideHeight - padInfo.top + j * dilationHeight;
              if (row < 0 || row >= inHeight) continue;
              const pixels = ((image * inDepth + slice) * inHeight + row) * inWidth;
              const tap = (i * filterHeight + j) * filterWidth;
              if (dilationWidth === 1) {
                const first = Math.max(0, -left);
                const length = Math.min(filterWidth, inWidth - left) - first;
                if (length > 0) visit(window, tap + first, pixels + left + first, length);
              } else {
                for (let k = 0; k < filterWidth; k++) {
                  const column = left + k * dilationWidth;
                  if (column >= 0 && column < inWidth) visit(window, tap + k, pixels + column, 1);
                }
              }
            }
          }
        }
      }
    }
  }
}

/** Copies what each window sees, tap by tap, channels last, into `parts`, which holds zeros: `(windows, taps, channels)`. */
export function takeParts(parts: Float32Array, input: Float32Array, windows: Windows): void {
  const channels = windows.inChannels;
  const taps = tapsOf(windows);
  visitWindows(windows, (window, tap, pixel, length) => {
    const to = (window * taps + tap) * channels;
    const from = pixel * channels;
    for (let i = 0; i < length * channels; i++) parts[to + i] = input[from + i]!;
  });
}

/** Adds up, at each pixel of `input`, which holds zeros, the parts of all windows that see it: {@link takeParts} turned round. */
export function addParts(input: Float32Array, parts: Float32Array, windows: Windows): void {
  const channels = windows.inChannels;
  const taps = tapsOf(windows);
  visitWindows(windows, (window, tap, pixel, length) => {
    const from = (window * taps + tap) * channels;
    const to = pixel * channels;
    for (let i = 0; i < length * channels; i++) input[to + i]! += parts[from + i]!;
  });
}

/**
 * What {@link takeParts} copies, turned round: `(taps, channels, windows)` from planes `(channels, pixels)`. `parts` holds
 * zeros. Each tap of a channel sees a shifted copy of its plane, so rows are copied whole.
 */
export function takePartsByTap(parts: Float32Array, planes: Float32Array, windows: Windows): void {
  const { batchSize, inDepth, inHeight, inWidth, inChannels, outDepth, outHeight, outWidth, padInfo } = windows;
  const { filterDepth, filterHeight, filterWidth, strideDepth, strideHeight, strideWidth } = windows;
  const { dilationDepth, dilationHeight, dilationWidth } = windows;
  const plane = batchSize * inDepth * inHeight * inWidth;
  let to = 0;
  for (let i = 0; i < filterDepth; i++) {
    for (let j = 0; j < filterHeight; j++) {
      for (let k = 0; k < filterWidth; k++) {
        const shift = k * dilationWidth - padInfo.left;
        const first = Math.max(0, Math.ceil(-shift / strideWidth));
        const last = Math.min(outWidth - 1, Math.floor((inWidth - 1 - shift) / strideWidth));
        for (let channel = 0; channel < inChannels; channel++) {
          for (let image = 0; image < batchSize; image++) {
            for (let z = 0; z < outDepth; z++) {
              const slice = z * strideDepth - padInfo.front + i * dilationDepth;
              const isInside = slice >= 0 && slice < inDepth;
              for (let y = 0; y < outHeight; y++, to += outWidth) {
                const row = y * strideHeight - padInfo.top + j * dilationHeight;
                if (!isInside || row < 0 || row >= inHeight) continue;
                const from = channel * plane + ((image * inDepth + slice) * inHeight + row) * inWidth + shift;
                for (let x = first; x <= last; x++) parts[to + x] = planes[from + x * strideWidth]!;
              }
            }
          }
        }
      }
    }
  }
}
