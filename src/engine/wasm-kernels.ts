// Two kernels that a training step asks for and that the wasm backend lacks: without them convolutions and embeddings
// predict but do not train (tfjs issue 8474).
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

import tf = require("./parts.cjs");

/**
 * The gradient of a convolution by its filter is itself a convolution: of `x` with channels and batch exchanged, by `dy`,
 * where the stride of the forward pass becomes the dilation.
 */
const conv2dBackpropFilter: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { strides, pad: padding, dimRoundingMode, filterShape } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
  const x = inputs.x!;
  const { padInfo, strideHeight, strideWidth, filterHeight, filterWidth } = tf.backend_util.computeConv2DInfo(
    x.shape as tf.Tensor4D["shape"],
    filterShape,
    strides,
    1,
    padding,
    dimRoundingMode,
  );
  return tf.tidy(() => {
    const padded = tf.pad(asTensor(backend as BackendWasm, x), [
      [0, 0],
      [padInfo.top, padInfo.bottom],
      [padInfo.left, padInfo.right],
      [0, 0],
    ]);
    const images = tf.transpose(padded, [3, 1, 2, 0]) as tf.Tensor4D;
    const filters = tf.transpose(asTensor(backend as BackendWasm, inputs.dy!), [1, 2, 0, 3]) as tf.Tensor4D;
    const gradient = tf.conv2d(images, filters, 1, "valid", "NHWC", [strideHeight, strideWidth]);
    const [inChannels, , , outChannels] = gradient.shape;
    const exact = tf.slice(gradient, [0, 0, 0, 0], [inChannels, filterHeight, filterWidth, outChannels]);
    return tf.transpose(exact, [1, 2, 0, 3]);
  });
};

/** Adds row i of `x` to row `segmentIds[i]` of the result; rows with an id outside `0..numSegments - 1` are dropped. */
const unsortedSegmentSum: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { numSegments } = attrs as unknown as tf.UnsortedSegmentSumAttrs;
  const x = inputs.x!;
  const segmentIds = inputs.segmentIds!;
  const wasm = backend as BackendWasm;
  const rest = x.shape.slice(segmentIds.shape.length);
  const rowSize = rest.reduce((a, b) => a * b, 1);
  const sums = wasm.makeOutput([numSegments, ...rest], x.dtype);
  // Views of the heap are made after the allocation, which may move it.
  const to = wasm.typedArrayFromHeap(sums).fill(0);
  const from = wasm.typedArrayFromHeap(x);
  const ids = wasm.typedArrayFromHeap(segmentIds);
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row]!;
    if (id < 0 || id >= numSegments) continue;
    for (let i = 0; i < rowSize; i++) to[id * rowSize + i]! += from[row * rowSize + i]!;
  }
  return sums;
};

tf.registerKernel({ kernelName: "Conv2DBackpropFilter", backendName: "wasm", kernelFunc: conv2dBackpropFilter });
tf.registerKernel({ kernelName: "UnsortedSegmentSum", backendName: "wasm", kernelFunc: unsortedSegmentSum });

/** A tensor of its own on the data of `info`; the reference is counted, or disposing the tensor would free the input. */
function asTensor(backend: BackendWasm, info: tf.TensorInfo) {
  backend.incRef(info.dataId);
  return tf.engine().makeTensorFromTensorInfo(info);
}
