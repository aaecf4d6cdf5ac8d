import { setKernel } from "./kernel.js";

import tf = require("../parts.cjs");

// Whole blocks are copied, each twice as long as the one before; the stock kernel finds the source of every value by
// itself. Broadcasting a gradient over a batch is a tile.
setKernel("Tile", (backend, { x }, attrs) => {
  const { reps } = attrs as tf.TileAttrs;
  const { shape, dtype } = x!;
  const result = backend.makeOutput(
    shape.map((size, i) => size * reps[i]!),
    dtype,
  );
  const to = backend.typedArrayFromHeap(result);
  if (to.length === 0) return result;
  to.set(backend.typedArrayFromHeap(x!));
  // From the last dimension to the first: the blocks of what is done so far are spread out, the last one first, so that
  // none is overwritten before it is read.
  let block = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const blocks = tf.util.sizeFromShape(shape.slice(0, i));
    const size = block * shape[i]!;
    block = size * reps[i]!;
    if (reps[i] === 1) continue;
    for (let j = blocks - 1; j >= 0; j--) {
      const start = j * block;
      to.copyWithin(start, j * size, (j + 1) * size);
      for (let done = size; done < block; done *= 2) {
        to.copyWithin(start + done, start, start + Math.min(done, block - done));
      }
    }
  }
  return result;
});
