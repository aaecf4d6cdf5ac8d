import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { formatNumber, htmlTable, textTable } from "../../core/table.js";

import tf = require("../parts.cjs");

import { relieve } from "./pressure.js";
import { watchedTensors } from "./watched-tensors.js";

/** How many tensors, and how many bytes of the backend they use; views of the same data count once. */
export interface TensorShare {
  readonly tensors: number;
  readonly bytes: number;
}

/** What is alive on the backend: only what a variable of the notebook still reaches. */
export interface TensorMemory extends TensorShare {
  readonly backend: string;
  /** Variables that gradients move: the weights of models. */
  readonly weights: TensorShare;
  /** Variables that no gradient moves: what optimizers remember, moving statistics, frozen weights. */
  readonly state: TensorShare;
  /** All other tensors. */
  readonly other: TensorShare;
  /** What the backend has taken from the system, free parts too: wasm memory never shrinks. Null where that is not known. */
  readonly heapBytes: number | null;
  /** Change since the call before; all of it in the first call. */
  readonly growth: TensorShare;
}

let before: TensorShare = { tensors: 0, bytes: 0 };

/**
 * Frees what nothing reaches any more and says what is left. When it grows from run to run of a cell, something holds on
 * to the tensors of earlier runs: an array, a closure, a callback.
 *
 * @example
 * tensorMemory(); // in the last line of a cell: a table
 */
export function tensorMemory(): TensorMemory {
  relieve();
  const tensors = [...watchedTensors, ...tf.engine().state.scopeStack.flatMap(({ track }) => track)];
  const variables = tensors.filter((tensor) => tensor instanceof tf.Variable);
  const seen = new Set<object>();
  const weights = share(
    variables.filter((variable) => variable.trainable),
    seen,
  );
  const state = share(
    variables.filter((variable) => !variable.trainable),
    seen,
  );
  const other = share(
    tensors.filter((tensor) => !(tensor instanceof tf.Variable)),
    seen,
  );
  const total = sum(weights, sum(state, other));
  const growth = { tensors: total.tensors - before.tensors, bytes: total.bytes - before.bytes };
  before = total;
  const memory = { ...total, backend: tf.getBackend(), weights, state, other, heapBytes: heapBytes(), growth };
  return Object.defineProperty(memory, Symbol.for("Jupyter.display"), { value: () => memoryBundle(memory) });
}

function share(tensors: readonly tf.Tensor[], seen: Set<object>): TensorShare {
  let bytes = 0;
  for (const { dataId, dtype, size } of tensors) {
    // A complex tensor is made of two others, and the text of strings is no memory of the backend.
    if (seen.has(dataId) || dtype === "complex64" || dtype === "string") continue;
    seen.add(dataId);
    bytes += size * tf.util.bytesPerElement(dtype);
  }
  return { tensors: tensors.length, bytes };
}

function sum(a: TensorShare, b: TensorShare): TensorShare {
  return { tensors: a.tensors + b.tensors, bytes: a.bytes + b.bytes };
}

function heapBytes(): number | null {
  const module = (tf.backend() as Partial<BackendWasm>).wasm as { HEAPU8: Uint8Array } | undefined;
  return module?.HEAPU8.byteLength ?? null;
}

function memoryBundle({ backend, weights, state, other, heapBytes, growth, ...total }: TensorMemory) {
  const header = ["", "tensors", "MB"];
  const line = (name: string, { tensors, bytes }: TensorShare) => [name, tensors, megabytes(bytes)];
  const rows = [
    line("weights", weights),
    line("optimizer slots and other state", state),
    line("other tensors", other),
    line("all", total),
    line("growth since the last call", growth),
  ];
  const heap = heapBytes === null ? "" : `, ${formatNumber(megabytes(heapBytes))} MB taken from the system`;
  const title = `Tensors on the ${backend} backend${heap}`;
  return {
    "text/plain": `${title}\n${textTable(header, rows)}`,
    "text/html": `<div><div style="opacity:0.7">${title}</div>${htmlTable(header, rows)}</div>`,
  };
}

function megabytes(bytes: number): number {
  return Number((bytes / 1e6).toPrecision(3));
}
