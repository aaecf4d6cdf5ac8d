// A tensor never changes, so a copy of one is the same data counted twice. The stock kernels copy the values: a training
// step pays that for every tensor that the backward pass needs.
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { kernelOf, reshaped, setKernel } from "./kernel.js";

import tf = require("../parts.cjs");

const stockIdentity = kernelOf("Identity");
const stockCast = kernelOf("Cast");

setKernel("Identity", (backend, { x }) =>
  x!.dtype === "string" ? stockIdentity(backend, { x: x! }) : reshaped(backend, x!, x!.shape),
);

setKernel("Cast", (backend, { x }, attrs) => {
  const { dtype } = attrs as { dtype: tf.DataType };
  if (x!.dtype === dtype) return reshaped(backend, x!, x!.shape);
  return dtype === "bool" ? truth(backend, x!) : stockCast(backend, { x: x! }, { dtype });
});

/** Whether each value is other than zero; the stock cast keeps the low byte, so that 0.5 and 256 become false. */
function truth(backend: BackendWasm, x: tf.TensorInfo): tf.TensorInfo {
  const result = backend.makeOutput(x.shape, "bool");
  const to = backend.typedArrayFromHeap(result);
  const from = backend.typedArrayFromHeap(x);
  for (let i = 0; i < to.length; i++) to[i] = from[i] === 0 ? 0 : 1;
  return result;
}
