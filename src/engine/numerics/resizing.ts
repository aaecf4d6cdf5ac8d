/** How a resize maps the pixels of its result to those of its input. */
export interface Resize {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

type ImageShape = readonly [images: number, height: number, width: number, channels: number];

/** Where one row or column of the result comes from: two of the input, and the share of the second. */
type Source = readonly [first: number, second: number, share: number];

/** The gradient of a bilinear or nearest-neighbour resize: each pixel of `dy` goes to the pixels it was made of. */
export function resizeGradient(
  dy: Float32Array,
  dyShape: ImageShape,
  inputShape: ImageShape,
  method: "bilinear" | "nearest",
  options: Resize,
): Float32Array {
  const [images, height, width, channels] = inputShape;
  const [, newHeight, newWidth] = dyShape;
  const sourceOf = method === "bilinear" ? between : nearest;
  const rows = Array.from({ length: newHeight }, (_, i) => sourceOf(i, height, newHeight, options));
  const columns = Array.from({ length: newWidth }, (_, i) => sourceOf(i, width, newWidth, options));
  const dx = new Float32Array(images * height * width * channels);
  let from = 0;
  for (let image = 0; image < images; image++) {
    for (const [top, bottom, down] of rows) {
      for (const [left, right, across] of columns) {
        const corners = [
          [top, left, (1 - down) * (1 - across)],
          [top, right, (1 - down) * across],
          [bottom, left, down * (1 - across)],
          [bottom, right, down * across],
        ] as const;
        for (const [row, column, share] of corners) {
          if (share === 0) continue;
          const to = ((image * height + row) * width + column) * channels;
          for (let channel = 0; channel < channels; channel++) dx[to + channel]! += dy[from + channel]! * share;
        }
        from += channels;
      }
    }
  }
  return dx;
}

function scaleOf(size: number, newSize: number, { alignCorners }: Resize): number {
  return alignCorners && newSize > 1 ? (size - 1) / (newSize - 1) : size / newSize;
}

function between(i: number, size: number, newSize: number, options: Resize): Source {
  const scale = scaleOf(size, newSize, options);
  const position = options.halfPixelCenters ? scale * (i + 0.5) - 0.5 : scale * i;
  const first = Math.max(0, Math.floor(position));
  return [first, Math.min(size - 1, Math.ceil(position)), position - first];
}

function nearest(i: number, size: number, newSize: number, options: Resize): Source {
  const scale = scaleOf(size, newSize, options);
  const position = options.halfPixelCenters ? scale * (i + 0.5) : scale * i;
  const row = Math.min(size - 1, options.alignCorners ? Math.round(position) : Math.floor(position));
  return [row, row, 0];
}
