// Complex tensors, for the Fourier transforms: a pair of real tensors, as on the cpu backend. The stock backend has none.
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { EtudeError } from "../../core/errors.js";
import { type ComplexValues, fourierTransform } from "../numerics/fourier.js";
import { floats, kernelOf, setKernel } from "./kernel.js";

import wasm = require("@tensorflow/tfjs-backend-wasm");
import tf = require("../parts.cjs");

/** What the backend knows of a complex tensor, in the place of an address. */
interface Pair {
  readonly dtype: "complex64";
  readonly shape: number[];
  readonly real: tf.TensorInfo;
  readonly imag: tf.TensorInfo;
  refCount: number;
  /** What the stock kernels read first. */
  readonly id: number;
}

const stockCast = kernelOf("Cast");
const { prototype } = wasm.BackendWasm;
const { disposeData: stockDispose, readSync: stockRead } = prototype;

prototype.disposeData = function (this: BackendWasm, dataId, force = false) {
  const pair = this.dataIdMap.has(dataId) ? pairOf(this, dataId) : undefined;
  if (!pair) return stockDispose.call(this, dataId, force);
  pair.refCount--;
  if (!force && pair.refCount > 0) return false;
  this.disposeData(pair.real.dataId);
  this.disposeData(pair.imag.dataId);
  this.dataIdMap.delete(dataId);
  return true;
};

prototype.readSync = function (this: BackendWasm, dataId, start, end) {
  const pair = pairOf(this, dataId);
  if (!pair) return stockRead.call(this, dataId, start, end);
  return tf.backend_util.mergeRealAndImagArrays(floats(this, pair.real), floats(this, pair.imag));
};

setKernel("Complex", (backend, { real, imag }) => complex(backend, copied(backend, real!), copied(backend, imag!)));

setKernel("Real", (backend, { input }) => copied(backend, { ...partsOf(backend, input!).real, shape: input!.shape }));

setKernel("Imag", (backend, { input }) => copied(backend, { ...partsOf(backend, input!).imag, shape: input!.shape }));

setKernel("ComplexAbs", (backend, { x }) => {
  const { real, imag } = partsOf(backend, x!);
  const result = backend.makeOutput(x!.shape, "float32");
  const [a, b] = [floats(backend, real), floats(backend, imag)];
  floats(backend, result).forEach((_, i, to) => {
    to[i] = Math.hypot(a[i]!, b[i]!);
  });
  return result;
});

setKernel("Cast", (backend, { x }, attrs) => {
  const { dtype } = attrs as { dtype: tf.DataType };
  if (x!.dtype === "complex64" && dtype !== "complex64") {
    const { real } = partsOf(backend, x!);
    const values = { ...real, shape: x!.shape };
    return dtype === "float32" ? copied(backend, values) : stockCast(backend, { x: values }, { dtype });
  }
  if (dtype !== "complex64" || x!.dtype === "complex64") return stockCast(backend, { x: x! }, { dtype });
  const imag = backend.makeOutput(x!.shape, "float32");
  floats(backend, imag).fill(0);
  const real = x!.dtype === "float32" ? copied(backend, x!) : stockCast(backend, { x: x! }, { dtype: "float32" });
  return complex(backend, real, imag);
});

for (const kernelName of ["FFT", "IFFT"]) {
  setKernel(kernelName, (backend, { input }) => transformed(backend, input!, kernelName === "IFFT"));
}

/** Transforms along the last dimension. */
function transformed(backend: BackendWasm, input: tf.TensorInfo, isInverse: boolean): tf.TensorInfo {
  const [real, imag] = [0, 1].map(() => backend.makeOutput(input.shape, "float32")) as [tf.TensorInfo, tf.TensorInfo];
  const parts = partsOf(backend, input);
  const [fromReal, fromImag] = [floats(backend, parts.real), floats(backend, parts.imag)];
  const [toReal, toImag] = [floats(backend, real), floats(backend, imag)];
  const size = input.shape.at(-1)!;
  for (let start = 0; start < fromReal.length; start += size) {
    const signal: ComplexValues = {
      real: Float64Array.from(fromReal.subarray(start, start + size)),
      imag: Float64Array.from(fromImag.subarray(start, start + size)),
    };
    const result = fourierTransform(signal, isInverse);
    toReal.set(result.real, start);
    toImag.set(result.imag, start);
  }
  return complex(backend, real, imag);
}

/** A copy: the engine counts the tensors it knows, and the parts of a complex tensor are none of them. */
function copied(backend: BackendWasm, x: tf.TensorInfo): tf.TensorInfo {
  const result = backend.makeOutput(x.shape, "float32");
  floats(backend, result).set(floats(backend, x));
  return result;
}

/** A complex tensor that owns its two parts. */
function complex(backend: BackendWasm, real: tf.TensorInfo, imag: tf.TensorInfo): tf.TensorInfo {
  const dataId = {};
  const pair: Pair = {
    dtype: "complex64",
    shape: real.shape,
    real,
    imag,
    refCount: 1,
    get id(): number {
      throw new EtudeError(
        "tf: this operation takes no complex tensor on the wasm backend. Take tf.real and tf.imag of it first.",
      );
    },
  };
  backend.dataIdMap.set(dataId, pair as never);
  return { dataId, dtype: "complex64", shape: real.shape };
}

function pairOf(backend: BackendWasm, dataId: object): Pair | undefined {
  const data = backend.dataIdMap.get(dataId) as unknown as Pair | { dtype: Exclude<tf.DataType, "complex64"> };
  return data.dtype === "complex64" ? data : undefined;
}

function partsOf(backend: BackendWasm, { dataId, dtype }: tf.TensorInfo): Pair {
  const pair = pairOf(backend, dataId);
  if (!pair)
    throw new EtudeError(`tf: this operation takes a complex64 tensor, got ${dtype}. Make one with tf.complex.`);
  return pair;
}
