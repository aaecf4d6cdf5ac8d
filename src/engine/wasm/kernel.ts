import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import "../backend.js"; // loads the package that registers the stock kernels

import tf = require("../parts.cjs");

/** A kernel as a plain function. What it returns is the caller's to dispose. */
export type Kernel = (backend: BackendWasm, inputs: Record<string, tf.TensorInfo>, attrs?: object) => tf.TensorInfo;

/** The kernel of the wasm backend as it is now: one that is registered later takes the place only for later callers. */
export function kernelOf(kernelName: string): Kernel {
  const { kernelFunc } = tf.getKernel(kernelName, "wasm");
  return (backend, inputs, attrs = {}) =>
    kernelFunc({ inputs, attrs: attrs as tf.NamedAttrMap, backend }) as tf.TensorInfo;
}

/** The compiled module of the backend; its own types leave these out. */
interface WasmModule {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  /** A function of the module by name; it returns nothing. */
  cwrap<F extends (...args: never[]) => void>(name: string, result: null, parameters: string[]): F;
}

/** The compiled module of the backend. */
export function moduleOf(backend: BackendWasm): WasmModule {
  return backend.wasm as unknown as WasmModule;
}

/** Registers a kernel for the wasm backend, in the place of the one that was there. */
export function setKernel(kernelName: string, kernel: Kernel): void {
  const stock = tf.getKernel(kernelName, "wasm");
  if (stock) tf.unregisterKernel(kernelName, "wasm");
  tf.registerKernel({
    ...stock, // with its setup, which the stock kernel may still need
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs, backend }) =>
      kernel(backend as BackendWasm, inputs as Record<string, tf.TensorInfo>, attrs),
  });
}

/** Runs `compute` and disposes what it marked as temporary, also when it throws. */
export function withTemporaries(
  backend: BackendWasm,
  compute: (temporary: (info: tf.TensorInfo) => tf.TensorInfo) => tf.TensorInfo,
): tf.TensorInfo {
  const temporaries: tf.TensorInfo[] = [];
  try {
    return compute((info) => {
      temporaries.push(info);
      return info;
    });
  } finally {
    for (const { dataId } of temporaries) backend.disposeData(dataId);
  }
}

/** The same data under another shape, with its reference counted. */
export function reshaped(backend: BackendWasm, { dataId, dtype }: tf.TensorInfo, shape: number[]): tf.TensorInfo {
  backend.incRef(dataId);
  return { dataId, dtype, shape };
}

/** The values of a float32 tensor, in place. An allocation may move the heap, so views are taken after the last one. */
export function floats(backend: BackendWasm, info: tf.TensorInfo): Float32Array {
  return backend.typedArrayFromHeap(info) as Float32Array;
}

/** The values of an int32 tensor, in place; see {@link floats}. */
export function integers(backend: BackendWasm, info: tf.TensorInfo): Int32Array {
  return backend.typedArrayFromHeap(info) as Int32Array;
}

/**
 * To call after writing into a tensor that a kernel may have read already, as an optimizer does that updates weights in
 * place: the wasm side keeps packed copies of filters and matrices, and would go on using the old values without a word.
 * Clones share the values of a tensor, so write only where `backend.refCount(dataId)` counts no clone.
 */
export function forgetPacked(backend: BackendWasm, { dataId, shape }: tf.TensorInfo): void {
  const { id, memoryOffset } = backend.dataIdMap.get(dataId);
  const { disposeData, registerTensor } = backend.wasm.tfjs;
  disposeData(id);
  registerTensor(id, tf.util.sizeFromShape(shape), memoryOffset);
}
