// Two kernels that a training step asks for and that the wasm backend lacks: without them convolutions and embeddings
// predict but do not train (tfjs issue 8474).
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import {
  backend_util,
  type Conv2DBackpropFilterAttrs,
  conv2d,
  engine,
  type KernelFunc,
  pad,
  registerKernel,
  slice,
  type Tensor4D,
  type TensorInfo,
  tidy,
  transpose,
  type UnsortedSegmentSumAttrs,
} from "@tensorflow/tfjs-core";

/**
 * The gradient of a convolution by its filter is itself a convolution: of `x` with channels and batch exchanged, by `dy`,
 * where the stride of the forward pass becomes the dilation.
 */
const conv2dBackpropFilter: KernelFunc = ({ inputs, attrs, backend }) => {
  const { strides, pad: padding, dimRoundingMode, filterShape } = attrs as unknown as Conv2DBackpropFilterAttrs;
  const x = inputs.x!;
  const { padInfo, strideHeight, strideWidth, filterHeight, filterWidth } = backend_util.computeConv2DInfo(
    x.shape as Tensor4D["shape"],
    filterShape,
    strides,
    1,
    padding,
    dimRoundingMode,
  );
  return tidy(() => {
    const padded = pad(asTensor(backend as BackendWasm, x), [
      [0, 0],
      [padInfo.top, padInfo.bottom],
      [padInfo.left, padInfo.right],
      [0, 0],
    ]);
    const images = transpose(padded, [3, 1, 2, 0]) as Tensor4D;
    const filters = transpose(asTensor(backend as BackendWasm, inputs.dy!), [1, 2, 0, 3]) as Tensor4D;
    const gradient = conv2d(images, filters, 1, "valid", "NHWC", [strideHeight, strideWidth]);
    const [inChannels, , , outChannels] = gradient.shape;
    const exact = slice(gradient, [0, 0, 0, 0], [inChannels, filterHeight, filterWidth, outChannels]);
    return transpose(exact, [1, 2, 0, 3]);
  });
};

/** Adds row i of `x` to row `segmentIds[i]` of the result; rows with an id outside `0..numSegments - 1` are dropped. */
const unsortedSegmentSum: KernelFunc = ({ inputs, attrs, backend }) => {
  const { numSegments } = attrs as unknown as UnsortedSegmentSumAttrs;
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

registerKernel({ kernelName: "Conv2DBackpropFilter", backendName: "wasm", kernelFunc: conv2dBackpropFilter });
registerKernel({ kernelName: "UnsortedSegmentSum", backendName: "wasm", kernelFunc: unsortedSegmentSum });

/** A tensor of its own on the data of `info`; the reference is counted, or disposing the tensor would free the input. */
function asTensor(backend: BackendWasm, info: TensorInfo) {
  backend.incRef(info.dataId);
  return engine().makeTensorFromTensorInfo(info);
}
