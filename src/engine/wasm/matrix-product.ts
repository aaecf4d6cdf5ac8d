import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { matrixPositions, plainProducts } from "../numerics/matrix-product.js";
import { integers, kernelOf, moduleOf, reshaped, setKernel, withTemporaries } from "./kernel.js";

import tf = require("../parts.cjs");

const stock = kernelOf("BatchMatMul");
const transpose = kernelOf("Transpose");

/** Below so many multiplications the scalar loop of the stock kernel beats transposing first. */
const smallProduct = 15_000;
/** The same for one matrix of a batch, where the alternative packs each of them. */
const smallOfBatch = 4_000;

/**
 * `a . b` over the last two dimensions, the ones before broadcast.
 *
 * The stock kernel multiplies fast only if there is one matrix and it is not transposed; everything else goes through a
 * scalar loop. Here a transposed operand is transposed first, and a batch is multiplied matrix by matrix.
 */
export function multiply(
  backend: BackendWasm,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
): tf.TensorInfo {
  const [m, k] = sizesOf(a.shape, transposeA);
  const [kOfB, n] = sizesOf(b.shape, transposeB);
  tf.util.assert(
    k === kOfB,
    () =>
      `tf.matMul: the inner sizes of a [${a.shape}]${transposeA ? " transposed" : ""} and b [${b.shape}]${transposeB ? " transposed" : ""} must be equal, got ${k} and ${kOfB}. Transpose or reshape one of them.`,
  );
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (a.dtype === "int32" && b.dtype === "int32") return ofIntegers(backend, a, b, transposeA, transposeB, outer);
  const batch = tf.util.sizeFromShape(outer);
  const batchOfA = tf.util.sizeFromShape(a.shape.slice(0, -2));
  const batchOfB = tf.util.sizeFromShape(b.shape.slice(0, -2));
  const isSmall = m * k * n < (batch === 1 ? smallProduct : smallOfBatch);
  const isEven = [batchOfA, batchOfB].every((size) => size === 1 || size === batch);
  if (isEven && (isSmall || (batch === 1 && !transposeA && !transposeB)))
    return stock(backend, { a, b }, { transposeA, transposeB });
  return withTemporaries(backend, (temporary) => {
    const left = transposeA ? temporary(swapped(backend, a)) : a;
    const right = transposeB ? temporary(swapped(backend, b)) : b;
    // One matrix on the right: the rows of all on the left make one product.
    if (batchOfB === 1 && batchOfA === batch) {
      const rows = temporary(reshaped(backend, left, [batch * m, k]));
      const matrix = temporary(reshaped(backend, right, [k, n]));
      const product = temporary(stock(backend, { a: rows, b: matrix }, { transposeA: false, transposeB: false }));
      return reshaped(backend, product, [...outer, m, n]);
    }
    return byMatrix(backend, left, right, outer);
  });
}

setKernel("BatchMatMul", (backend, { a, b }, attrs) => {
  const { transposeA, transposeB } = attrs as tf.BatchMatMulAttrs;
  return multiply(backend, a!, b!, transposeA, transposeB);
});

/** What may follow a product in one kernel. */
const activations: Record<string, string | undefined> = {
  linear: undefined,
  relu: "Relu",
  relu6: "Relu6",
  elu: "Elu",
  sigmoid: "Sigmoid",
  prelu: "Prelu",
  leakyrelu: "LeakyRelu",
};
const add = kernelOf("Add");
const stockFused = kernelOf("_FusedMatMul");

// The stock kernel adds the bias once for each 48 columns of `a` unless it multiplies one plain matrix.
setKernel("_FusedMatMul", (backend, { a, b, bias, preluActivationWeights }, attrs) => {
  const { transposeA, transposeB, activation, leakyreluAlpha } = attrs as tf._FusedMatMulAttrs;
  const isPlain = !transposeA && !transposeB && a!.shape[0] === 1 && b!.shape[0] === 1;
  if (isPlain && (!bias || bias.shape.length === 1)) {
    const inputs = { a: a!, b: b!, ...(bias && { bias }), ...(preluActivationWeights && { preluActivationWeights }) };
    return stockFused(backend, inputs, attrs);
  }
  return withTemporaries(backend, (temporary) => {
    let result = multiply(backend, a!, b!, transposeA, transposeB);
    if (bias) result = add(backend, { a: temporary(result), b: bias });
    const kernelName = activations[activation];
    if (!kernelName) return result;
    const x = temporary(result);
    return kernelName === "Prelu"
      ? kernelOf(kernelName)(backend, { x, alpha: preluActivationWeights! })
      : kernelOf(kernelName)(backend, { x }, { alpha: leakyreluAlpha });
  });
});

function sizesOf(shape: number[], isTransposed: boolean): [rows: number, columns: number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return isTransposed ? [columns, rows] : [rows, columns];
}

function swapped(backend: BackendWasm, x: tf.TensorInfo): tf.TensorInfo {
  const rank = x.shape.length;
  const perm = Array.from({ length: rank }, (_, i) => i);
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  return transpose(backend, { x }, { perm });
}

type WasmProduct = (
  a: number,
  shapeOfA: Uint8Array,
  rankOfA: number,
  b: number,
  shapeOfB: Uint8Array,
  rankOfB: number,
  transposeA: boolean,
  transposeB: boolean,
  out: number,
) => void;
const products = new WeakMap<BackendWasm, WasmProduct>();

/** The wasm function of the stock kernel, to call it on parts of a tensor. */
function productOf(backend: BackendWasm): WasmProduct {
  const known = products.get(backend);
  if (known) return known;
  const types = ["number", "array", "number", "number", "array", "number", "number", "number", "number"];
  const product = moduleOf(backend).cwrap<WasmProduct>("BatchMatMul", null, types);
  products.set(backend, product);
  return product;
}

/** Numbers of tensors on the wasm side, far from those that the backend counts up from 1. */
const viewIds = { a: 2 ** 30, b: 2 ** 30 + 1, out: 2 ** 30 + 2 };

/** Each matrix is registered as a tensor of its own on the memory of the whole, for the time of its product. */
function byMatrix(backend: BackendWasm, a: tf.TensorInfo, b: tf.TensorInfo, outer: number[]): tf.TensorInfo {
  const [m, k] = a.shape.slice(-2) as [number, number];
  const n = b.shape.at(-1)!;
  const result = backend.makeOutput([...outer, m, n], "float32");
  const product = productOf(backend);
  const { registerTensor, disposeData } = backend.wasm.tfjs;
  const shapeOfA = new Uint8Array(Int32Array.of(1, m, k).buffer);
  const shapeOfB = new Uint8Array(Int32Array.of(1, k, n).buffer);
  const [startOfA, startOfB, start] = [a, b, result].map(({ dataId }) => backend.getMemoryOffset(dataId)) as [
    number,
    number,
    number,
  ];
  const fromA = matrixPositions(a.shape.slice(0, -2), outer);
  const fromB = matrixPositions(b.shape.slice(0, -2), outer);
  for (let i = 0; i < fromA.length; i++) {
    registerTensor(viewIds.a, m * k, startOfA + fromA[i]! * m * k * 4);
    registerTensor(viewIds.b, k * n, startOfB + fromB[i]! * k * n * 4);
    registerTensor(viewIds.out, m * n, start + i * m * n * 4);
    product(viewIds.a, shapeOfA, 3, viewIds.b, shapeOfB, 3, false, false, viewIds.out);
    // The wasm side keeps the packed matrix of a number until the tensor of that number goes.
    disposeData(viewIds.a);
    disposeData(viewIds.b);
    disposeData(viewIds.out);
  }
  return result;
}

function ofIntegers(
  backend: BackendWasm,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  outer: number[],
): tf.TensorInfo {
  const [m, k] = sizesOf(a.shape, transposeA);
  const [, n] = sizesOf(b.shape, transposeB);
  const result = backend.makeOutput([...outer, m, n], "int32");
  const left = { values: integers(backend, a), outer: a.shape.slice(0, -2), isTransposed: transposeA };
  const right = { values: integers(backend, b), outer: b.shape.slice(0, -2), isTransposed: transposeB };
  plainProducts(integers(backend, result), left, right, outer, [m, k, n]);
  return result;
}
