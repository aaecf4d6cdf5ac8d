import { setKernel } from "./kernel.js";

import tf = require("../parts.cjs");

// The gradient of `gather`, and so of an embedding: row i of `x` is added to row `segmentIds[i]` of the result; rows with
// an id outside `0..numSegments - 1` are dropped.
setKernel("UnsortedSegmentSum", (backend, { x, segmentIds }, attrs) => {
  const { numSegments } = attrs as tf.UnsortedSegmentSumAttrs;
  const rest = x!.shape.slice(segmentIds!.shape.length);
  const rowSize = tf.util.sizeFromShape(rest);
  const sums = backend.makeOutput([numSegments, ...rest], x!.dtype);
  const to = backend.typedArrayFromHeap(sums).fill(0);
  const from = backend.typedArrayFromHeap(x!);
  const ids = backend.typedArrayFromHeap(segmentIds!);
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row]!;
    if (id < 0 || id >= numSegments) continue;
    for (let i = 0; i < rowSize; i++) to[id * rowSize + i]! += from[row * rowSize + i]!;
  }
  return sums;
});
