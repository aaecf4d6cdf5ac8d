// Shapes and the order of axes. Transposes move behind what works element by element, so that a stack of convolutions stays in the
// order of axes that they compute in.
import { sizeOf, splatOf, type Value } from "./graph.js";
import { node, sameShape } from "./nodes.js";

export function expand(x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  const fill = splatOf(x);
  if (fill !== undefined) return x.graph.splat(fill, { shape, dtype: x.dtype });
  return node("Expand", [x, x.graph.integers(shape)], {}, { shape, dtype: x.dtype });
}

export function reshape(x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  const fill = splatOf(x);
  if (fill !== undefined) return x.graph.splat(fill, { shape, dtype: x.dtype });
  if (x.node.op === "Reshape") return reshape(x.node.inputs[0]!, shape);
  if (isChannelsLast(x) && shape.length >= 3) {
    // Only axes of size 1 come or go: the order of the others can stay as it is.
    const inner = (list: readonly number[]) => list.slice(1, -1).filter((size) => size !== 1);
    const sameEnds = shape[0] === x.shape[0] && shape.at(-1) === x.shape.at(-1);
    if (sameEnds && sameShape(inner(shape), inner(x.shape))) {
      return toChannelsLast(reshape(x.node.inputs[0]!, channelsFirst(shape)));
    }
  }
  return node("Reshape", [x, x.graph.integers(shape)], {}, { shape, dtype: x.dtype });
}

export function transpose(x: Value, perm: readonly number[]): Value {
  if (perm.every((axis, i) => axis === i)) return x;
  const shape = perm.map((axis) => x.shape[axis]!);
  const fill = splatOf(x);
  if (fill !== undefined) return x.graph.splat(fill, { shape, dtype: x.dtype });
  if (x.node.op === "Transpose") {
    const inner = x.node.attributes.perm as readonly number[];
    return transpose(
      x.node.inputs[0]!,
      perm.map((axis) => inner[axis]!),
    );
  }
  const long = perm.filter((axis) => x.shape[axis] !== 1);
  if (long.every((axis, i) => i === 0 || axis > long[i - 1]!)) return reshape(x, shape);
  return node("Transpose", [x], { perm }, { shape, dtype: x.dtype });
}

/** From `[n, ...space, channels]`, as TensorFlow.js has it, to `[n, channels, ...space]`, as ONNX computes. */
export function toChannelsFirst(x: Value, rank = x.shape.length): Value {
  if (sizeOf(x.shape) === 1) return x.shape.length <= 1 ? x : reshape(x, Array(rank).fill(1));
  const full = x.shape.length === rank ? x : reshape(x, [...Array(rank - x.shape.length).fill(1), ...x.shape]);
  return transpose(full, channelsFirst(full.shape.map((_, axis) => axis)));
}

export function toChannelsLast(x: Value): Value {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [0, ...axes.slice(2), 1]);
}

/** A list that goes with the axes, its channels moved forward. */
export function channelsFirst<T>(list: readonly T[]): T[] {
  return [list[0]!, list.at(-1)!, ...list.slice(1, -1)];
}

export function isChannelsLast(x: Value): boolean {
  if (x.node.op !== "Transpose" || x.shape.length < 3) return false;
  const perm = x.node.attributes.perm as readonly number[];
  return perm[0] === 0 && perm.at(-1) === 1 && perm.slice(1, -1).every((axis, i) => axis === i + 2);
}

export function channelsFirstAxis(axis: number, rank: number): number {
  return channelsFirst(Array.from({ length: rank }, (_, i) => i)).indexOf(axis);
}
