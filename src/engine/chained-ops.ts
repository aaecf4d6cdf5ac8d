// `x.add(y)` for `tf.add(x, y)`. The file of tfjs-core that does this is no module that Node can load, and the methods of
// most tensors are nothing but the function of the same name.
import core = require("@tensorflow/tfjs-core");

const sameName =
  `abs acos acosh add all any argMax argMin asin asinh atan atan2 atanh avgPool batchNorm batchToSpaceND broadcastTo cast ceil
  clipByValue conv1d conv2d conv2dTranspose cos cosh cumprod cumsum depthToSpace depthwiseConv2d dilation2d div divNoNan dot
  elu equal erf euclideanNorm exp expandDims expm1 fft floor floorDiv gather greater greaterEqual ifft irfft isFinite isInf
  isNaN leakyRelu less lessEqual localResponseNormalization log log1p logSigmoid logSoftmax logSumExp logicalAnd logicalNot
  logicalOr logicalXor matMul max maxPool maximum mean min minimum mirrorPad mod mul neg norm notEqual oneHot onesLike pad
  pool pow prelu prod reciprocal relu relu6 reshape resizeBilinear resizeNearestNeighbor reverse rfft round rsqrt selu
  separableConv2d sigmoid sign sin sinh slice softmax softplus spaceToBatchND split sqrt square squaredDifference squeeze
  step stridedSlice sub sum tan tanh tile topk transpose unique unsortedSegmentSum unstack zerosLike`.split(/\s+/);

type Operation = (x: core.Tensor, ...rest: unknown[]) => unknown;

const operations: Record<string, unknown> = { ...core, ...core.image };

const ownRules: Record<string, Operation> = {
  as1D: (x) => core.reshape(x, [x.size]),
  as2D: (x, ...shape) => core.reshape(x, shape as number[]),
  as3D: (x, ...shape) => core.reshape(x, shape as number[]),
  as4D: (x, ...shape) => core.reshape(x, shape as number[]),
  as5D: (x, ...shape) => core.reshape(x, shape as number[]),
  asScalar: (x) => core.reshape(x, []),
  asType: (x, dtype) => core.cast(x, dtype as core.DataType),
  concat: (x, others, axis) => core.concat([x, ...listOf(others)], axis as number | undefined),
  flatten: (x) => core.reshape(x, [x.size]),
  reshapeAs: (x, other) => core.reshape(x, (other as core.Tensor).shape),
  stack: (x, others, axis) => core.stack([x, ...listOf(others)], axis as number | undefined),
  toBool: (x) => core.cast(x, "bool"),
  toFloat: (x) => core.cast(x, "float32"),
  toInt: (x) => core.cast(x, "int32"),
  where: (x, condition, other) => core.where(condition as core.Tensor, x, other as core.Tensor),
};

for (const name of sameName) define(name, operations[name] as Operation);
for (const [name, operation] of Object.entries(ownRules)) define(name, operation);

function define(name: string, operation: Operation): void {
  Object.defineProperty(core.Tensor.prototype, name, {
    value(this: core.Tensor, ...rest: unknown[]) {
      this.throwIfDisposed();
      return operation(this, ...rest);
    },
    configurable: true,
    writable: true,
  });
}

function listOf(others: unknown): core.Tensor[] {
  return others instanceof core.Tensor ? [others] : (others as core.Tensor[]);
}
