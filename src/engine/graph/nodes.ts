// A node of the graph, and what every operator needs to make one.
import { type Attributes, type GraphArray, type GraphDType, splatOf, type Value, type ValueType } from "./graph.js";

/** One node with one output. */
export function node(op: string, inputs: readonly (Value | null)[], attributes: Attributes, type: ValueType): Value {
  const { graph } = inputs.find((input) => input !== null)!;
  return graph.add(
    op,
    inputs.map((input) => input && stored(input)),
    attributes,
    [type],
  ).outputs[0]!;
}

/** `value` as a tensor in memory, also if one number fills it. */
export function stored(value: Value): Value {
  const fill = splatOf(value);
  if (fill === undefined) return value;
  const { graph, dtype, shape } = value;
  const one = graph.constant(arrayOf(dtype, [fill]), { shape: [], dtype });
  if (shape.length === 0) return one;
  return graph.add("Expand", [one, graph.integers(shape)], {}, [{ shape, dtype }]).outputs[0]!;
}

export function arrayOf(dtype: GraphDType, values: ArrayLike<number>): GraphArray {
  if (dtype === "float32") return Float32Array.from(values);
  if (dtype === "int32") return Int32Array.from(values);
  if (dtype === "int64") return BigInt64Array.from(Array.from(values), BigInt);
  return Uint8Array.from(values);
}

export function scalar(like: Value, value: number, dtype: GraphDType = "float32"): Value {
  return like.graph.splat(value, { shape: [], dtype });
}

const dtypeCodes: Readonly<Record<GraphDType, number>> = { float32: 1, int32: 6, bool: 9, int64: 7 };

export function dtypeCode(dtype: GraphDType): number {
  return dtypeCodes[dtype];
}

export function broadcastShape(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, i) => {
    const sizes = shapes.map((shape) => shape[i - rank + shape.length] ?? 1);
    return sizes.find((size) => size !== 1) ?? 1;
  });
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}
