// A sum of products of one or two tensors as one batched matrix product: `bqhd,bkhd->bhqk` is the product of the queries
// and the transposed keys of each head.
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { kernelOf, reshaped, setKernel, withTemporaries } from "./kernel.js";
import { multiply } from "./matrix-product.js";

import tf = require("../parts.cjs");

const sum = kernelOf("Sum");
const transpose = kernelOf("Transpose");

/** A tensor and a letter for each of its dimensions. */
interface Term {
  readonly labels: string[];
  readonly info: tf.TensorInfo;
}

setKernel("Einsum", (backend, inputs, attrs) => {
  const { equation } = attrs as tf.EinsumAttrs;
  const operands = Object.values(inputs);
  const { allDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, operands.length);
  tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, operands as tf.Tensor[]);
  const [left, result] = equation.replaceAll(" ", "").split("->") as [string, string];
  const terms = left.split(",").map((labels, i) => ({ labels: [...labels], info: operands[i]! }));
  return withTemporaries(backend, (temporary) => {
    const [a, b] = terms.map(({ labels, info }, i) => {
      const others = terms.filter((_, j) => j !== i).flatMap((term) => term.labels);
      const kept = labels.filter((label) => result.includes(label) || others.includes(label));
      return { labels: kept, info: temporary(summed(backend, { labels, info }, kept)) };
    }) as [Term, Term?];
    const product = b ? productOf(backend, a, b, result) : a;
    if (b) temporary(product.info);
    return arranged(backend, product, [...result]);
  });
});

function productOf(backend: BackendWasm, a: Term, b: Term, result: string): Term {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => result.includes(label));
  const inner = shared.filter((label) => !result.includes(label));
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const sizeOf = (label: string): number =>
    a.labels.includes(label) ? a.info.shape[a.labels.indexOf(label)]! : b.info.shape[b.labels.indexOf(label)]!;
  const size = (labels: string[]) => labels.reduce((product, label) => product * sizeOf(label), 1);
  const labels = [...batch, ...rows, ...columns];
  const info = withTemporaries(backend, (temporary) => {
    const left = temporary(arranged(backend, a, [...batch, ...rows, ...inner]));
    const right = temporary(arranged(backend, b, [...batch, ...columns, ...inner]));
    const matricesOfA = temporary(reshaped(backend, left, [size(batch), size(rows), size(inner)]));
    const matricesOfB = temporary(reshaped(backend, right, [size(batch), size(columns), size(inner)]));
    const product = temporary(multiply(backend, matricesOfA, matricesOfB, false, true));
    return reshaped(backend, product, labels.map(sizeOf));
  });
  return { labels, info };
}

/** The sum over what is not `kept`. */
function summed(backend: BackendWasm, { labels, info }: Term, kept: string[]): tf.TensorInfo {
  const axis = labels.flatMap((label, i) => (kept.includes(label) ? [] : [i]));
  if (axis.length === 0) return reshaped(backend, info, info.shape);
  return sum(backend, { x: info }, { axis, keepDims: false });
}

/** The tensor with its dimensions in this order. */
function arranged(backend: BackendWasm, { labels, info }: Term, order: string[]): tf.TensorInfo {
  const perm = order.map((label) => labels.indexOf(label));
  if (perm.every((from, to) => from === to)) return reshaped(backend, info, info.shape);
  return transpose(backend, { x: info }, { perm });
}
