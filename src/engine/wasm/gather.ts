import { DataError } from "../../core/errors.js";
import { setKernel } from "./kernel.js";

import tf = require("../parts.cjs");

// The stock kernel reads past the end of its input when a batch is gathered (`batchDims`).
setKernel("GatherV2", (backend, { x, indices }, attrs) => {
  const { axis, batchDims } = attrs as tf.GatherV2Attrs;
  const [dimension] = tf.util.parseAxisParam(axis, x!.shape) as [number];
  const shape = tf.backend_util.segment_util.collectGatherOpShapeInfo(
    { shape: x!.shape } as tf.Tensor,
    { shape: indices!.shape } as tf.Tensor,
    dimension,
    batchDims,
  );
  const { batchSize, outerSize, sliceSize, dimSize, outputShape } = shape;
  const result = backend.makeOutput(outputShape, x!.dtype);
  const to = backend.typedArrayFromHeap(result);
  const from = backend.typedArrayFromHeap(x!);
  const ids = backend.typedArrayFromHeap(indices!);
  const perBatch = ids.length / batchSize;
  let target = 0;
  for (let batch = 0; batch < batchSize; batch++) {
    for (let outer = 0; outer < outerSize; outer++) {
      const start = (batch * outerSize + outer) * dimSize;
      for (let i = batch * perBatch; i < (batch + 1) * perBatch; i++, target += sliceSize) {
        const id = ids[i]!;
        if (id < 0 || id >= dimSize) {
          backend.disposeData(result.dataId);
          throw new DataError(
            `tf.gather: indices must be from 0 to ${dimSize - 1} (dimension ${dimension} of x [${x!.shape}]), got ${id}. Correct the indices or enlarge x.`,
          );
        }
        const source = (start + id) * sliceSize;
        for (let j = 0; j < sliceSize; j++) to[target + j] = from[source + j]!;
      }
    }
  }
  return result;
});
