import { EtudeError } from "../../core/errors.js";
import { relieve } from "../lifetime/pressure.js";
import { moduleOf } from "./kernel.js";

import wasm = require("@tensorflow/tfjs-backend-wasm");
import tf = require("../parts.cjs");

const { BackendWasm } = wasm;
type Backend = InstanceType<typeof BackendWasm>;

const mebibyte = 2 ** 20;
/** All that 32-bit addresses reach. */
const addressable = 4096 * mebibyte;
/** Kept free for what the kernels allocate themselves: they do not look whether they got it. */
const reserve = 128 * mebibyte;
/** Up to this size the heap grows without a question. */
const unquestioned = 3072 * mebibyte;

const stockMove = BackendWasm.prototype.move;

/** The stock backend registers a tensor at address 0 when the heap is full, and tensors then share their values. */
BackendWasm.prototype.move = function (this: Backend, dataId, values, shape, dtype, refCount) {
  if (dtype !== "string") checkRoom(this, tf.util.sizeFromShape(shape) * tf.util.bytesPerElement(dtype), shape, dtype);
  stockMove.call(this, dataId, values, shape, dtype, refCount);
};

function checkRoom(backend: Backend, bytes: number, shape: number[], dtype: tf.DataType): void {
  if (hasRoom(backend, bytes)) return;
  if (bytes < addressable) {
    relieve();
    if (hasRoom(backend, bytes)) return;
  }
  const { numTensors, numBytes } = tf.memory();
  throw new EtudeError(
    `tf: there is no room for a ${dtype} tensor [${shape}] of ${mebibytes(bytes)}: ${numTensors.toLocaleString("en")} tensors hold ${mebibytes(numBytes)} of the ${mebibytes(addressable)} that the wasm backend can have. Dispose of some, or use a smaller batch or model.`,
  );
}

/** Whether the tensor fits, as much again because a kernel may pack what it reads, and the reserve. */
function hasRoom(backend: Backend, bytes: number): boolean {
  const { HEAPU8, _malloc, _free } = moduleOf(backend);
  if (HEAPU8.length + 2 * bytes < unquestioned) return true;
  if (bytes >= addressable) return false;
  const addresses = [bytes, bytes, reserve].map((size) => _malloc(size)); // taken, and given back
  for (const address of addresses) _free(address);
  return !addresses.includes(0);
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / mebibyte).toLocaleString("en")} MiB`;
}
