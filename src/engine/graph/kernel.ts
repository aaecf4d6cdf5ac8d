import tf = require("../parts.cjs");

import type { Graph, Value } from "./graph.js";

/** The name under which TensorFlow.js finds the kernels that write a graph. */
export const graphBackendName = "graph";

/** Those that `kernel_names.ts` of tfjs-core lists for the kernel. */
// biome-ignore lint/suspicious/noExplicitAny: the attributes of each kernel have a type of their own
export type KernelAttributes = any;

/** A kernel of TensorFlow.js in ONNX operators. */
export type GraphKernel = (
  inputs: Record<string, Value>,
  attributes: KernelAttributes,
  graph: Graph,
) => Value | readonly Value[];

/** What stands behind the data id of a tensor while a step is traced. */
export interface TracedData {
  readonly value: Value;
  references: number;
}

/** What the kernels ask the backend that they run on. */
export interface GraphKernelHost {
  readonly graph: Graph;
  /** The value of a tensor, which may also be a variable or a constant from outside. */
  valueFor(info: tf.TensorInfo): Value;
}

export function defineKernels(kernels: Readonly<Record<string, GraphKernel>>): void {
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    tf.registerKernel({
      kernelName,
      backendName: graphBackendName,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const host = backend as GraphKernelHost;
        const values: Record<string, Value> = {};
        for (const [name, input] of Object.entries(inputs)) if (input) values[name] = host.valueFor(input);
        const results = kernel(values, attrs, host.graph);
        return Array.isArray(results) ? results.map(infoOf) : infoOf(results as Value);
      },
    });
  }
}

function infoOf(value: Value): tf.TensorInfo {
  const data: TracedData = { value, references: 1 };
  return { dataId: data, shape: [...value.shape], dtype: value.dtype as tf.DataType };
}

/** Axes from the front, in ascending order; all of them if none are given. */
export function axesOf(x: Value, axes: number | readonly number[] | null | undefined): number[] {
  const rank = x.shape.length;
  if (axes === null || axes === undefined) return x.shape.map((_, axis) => axis);
  const list = typeof axes === "number" ? [axes] : axes;
  return list.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
}

export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
