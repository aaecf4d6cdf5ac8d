// The numbers of a tensor where the backend keeps them, without a copy and without an operation.
import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

import tf = require("./parts.cjs");

/** Whether the backend in use keeps its tensors where JavaScript can reach them. */
export function hasHostArrays(): boolean {
  return tf.getBackend() === "wasm" || tf.getBackend() === "cpu";
}

/**
 * The numbers of a float32 tensor, to read only: other tensors may share them, and XNNPACK keeps its own copy of weights.
 * On wasm good until the next tensor is made, which may move the heap.
 */
export function hostArray(x: tf.Tensor): Float32Array {
  return tf.getBackend() === "wasm" ? onHeap(x) : (cpu().data.get(x.dataId).values as Float32Array);
}

/** A new tensor of undefined numbers; write them into its {@link newHostArray} before any operation reads it. */
export function newTensor(shape: readonly number[]): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  const info =
    tf.getBackend() === "wasm"
      ? wasm().makeOutput([...shape], "float32")
      : cpu().makeTensorInfo([...shape], "float32", new Float32Array(size));
  return tf.engine().makeTensorFromTensorInfo(info);
}

function onHeap(x: tf.TensorInfo): Float32Array {
  wasm().dataIdMap.get(x.dataId); // brings it over from another backend, before a view of a heap that then grows is made
  return wasm().typedArrayFromHeap(x) as Float32Array;
}

function wasm(): BackendWasm {
  return tf.backend() as BackendWasm;
}

function cpu(): MathBackendCPU {
  return tf.backend() as MathBackendCPU;
}
