// Kernels that tfjs-node lacks: image augmentation, the encoding of categories, search, ragged, sparse and text
// operations. They are computed on cpu; none of them is where training spends its time.
import tf = require("../parts.cjs");

const missing = [
  ...["BitwiseAnd", "DenseBincount", "Draw", "MaxPoolWithArgmax", "RotateWithOffset", "SearchSorted", "Transform"],
  ...["RaggedGather", "RaggedRange", "RaggedTensorToTensor"],
  ...["SparseFillEmptyRows", "SparseReshape", "SparseSegmentMean", "SparseSegmentSum"],
  ...["StringNGrams", "StringSplit", "StringToHashBucketFast"],
];

export function registerMissingKernels(): void {
  for (const kernelName of missing) {
    tf.registerKernel({ kernelName, backendName: "tensorflow", kernelFunc: onCpu(kernelName) });
  }
}

function onCpu(kernelName: string): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const native = backend as tf.KernelBackend;
    const cpu = tf.findBackend("cpu"); // starts it, with its kernels, at the first call
    const copies: tf.TensorInfo[] = [];
    const copy = (info: tf.TensorInfo) => {
      copies.push(move(info, native, cpu));
      return copies.at(-1)!;
    };
    const entries = Object.entries(inputs as Record<string, tf.TensorInfo | tf.TensorInfo[]>);
    const moved = entries.map(([name, input]) => [name, Array.isArray(input) ? input.map(copy) : copy(input)]);
    const { kernelFunc } = tf.getKernel(kernelName, "cpu");
    const results = [kernelFunc({ inputs: Object.fromEntries(moved), attrs: attrs!, backend: cpu })].flat();
    const outputs = results.map((info) => move(info, cpu, native));
    for (const { dataId } of [...copies, ...results]) cpu.disposeData(dataId, true);
    return outputs.length === 1 ? outputs[0]! : outputs;
  };
}

function move(info: tf.TensorInfo, from: tf.KernelBackend, to: tf.KernelBackend): tf.TensorInfo {
  const { shape, dtype } = info;
  return { shape, dtype, dataId: to.write(from.readSync(info.dataId), shape, dtype) };
}
