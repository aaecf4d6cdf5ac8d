// The ONNX operators that go over whole axes, with the shapes they give.
import { sizeOf, splatOf, type Value } from "./graph.js";
import {
  channelsFirst,
  channelsFirstAxis,
  isChannelsLast,
  toChannelsFirst,
  toChannelsLast,
  transpose,
} from "./layout.js";
import { broadcastShape, node, sameShape, scalar } from "./nodes.js";

/** A sum, mean, maximum... over `axes`. */
export function reduce(op: string, x: Value, axes: readonly number[], keepDims = false): Value {
  if (axes.length === 0) return x;
  const keep = (shape: readonly number[]) =>
    keepDims ? shape.map((size, i) => (axes.includes(i) ? 1 : size)) : shape.filter((_, i) => !axes.includes(i));
  const shape = keep(x.shape);
  const fill = splatOf(x);
  if (fill !== undefined && (op === "ReduceSum" || op === "ReduceMean")) {
    const count = op === "ReduceSum" ? sizeOf(x.shape) / sizeOf(shape) : 1;
    return x.graph.splat(Math.fround(fill * count), { shape, dtype: x.dtype });
  }
  if (isChannelsLast(x)) {
    const perm = x.node.attributes.perm as readonly number[];
    const inner = reduce(
      op,
      x.node.inputs[0]!,
      axes.map((axis) => perm[axis]!).sort((a, b) => a - b),
      keepDims,
    );
    if (keepDims) return toChannelsLast(inner);
    const left = perm.filter((_, i) => !axes.includes(i));
    const order = [...left].sort((a, b) => a - b);
    return transpose(
      inner,
      left.map((axis) => order.indexOf(axis)),
    );
  }
  return node(op, [x, x.graph.integers(axes)], { keepdims: Number(keepDims) }, { shape, dtype: x.dtype });
}

export function sum(x: Value, axes: readonly number[], keepDims = false): Value {
  return reduce("ReduceSum", x, axes, keepDims);
}

export function concat(values: readonly Value[], axis: number): Value {
  const first = values[0]!;
  if (values.length === 1) return first;
  const shape = first.shape.map((size, i) => (i === axis ? values.reduce((n, { shape }) => n + shape[i]!, 0) : size));
  if (values.some(isChannelsLast)) {
    const inside = values.map((value) => toChannelsFirst(value));
    return toChannelsLast(concat(inside, channelsFirstAxis(axis, shape.length)));
  }
  return node("Concat", values, { axis }, { shape, dtype: first.dtype });
}

/** The part that begins at `begin`, every `strides`-th element (1 if left out) up to `end`, which is not included. */
export function slice(
  x: Value,
  begin: readonly number[],
  end: readonly number[],
  strides: readonly number[] = begin.map(() => 1),
): Value {
  const shape = begin.map((from, i) => Math.max(0, Math.ceil((end[i]! - from) / strides[i]!)));
  if (sameShape(shape, x.shape) && strides.every((stride) => stride === 1)) return x;
  const fill = splatOf(x);
  if (fill !== undefined) return x.graph.splat(fill, { shape, dtype: x.dtype });
  if (isChannelsLast(x)) {
    const [b, e, s] = [begin, end, strides].map((list) => channelsFirst(list)) as [number[], number[], number[]];
    return toChannelsLast(slice(x.node.inputs[0]!, b, e, s));
  }
  const { graph } = x;
  const cut = x.shape.map((_, i) => i).filter((i) => shape[i] !== x.shape[i] || strides[i] !== 1);
  const part = (list: readonly number[]) => graph.integers(cut.map((i) => list[i]!));
  // Backwards to the first element, the end lies before it: ONNX writes that as a very negative number.
  const ends = end.map((to, i) => (strides[i]! < 0 && to < 0 ? -(2 ** 31) : to));
  return node("Slice", [x, part(begin), part(ends), graph.integers(cut), part(strides)], {}, { shape, dtype: x.dtype });
}

/** One value for each of `sizes`, cut along `axis`. */
export function split(x: Value, sizes: readonly number[], axis: number): readonly Value[] {
  if (sizes.length === 1) return [x];
  const shapes = sizes.map((size) => x.shape.map((all, i) => (i === axis ? size : all)));
  const fill = splatOf(x);
  if (fill !== undefined) return shapes.map((shape) => x.graph.splat(fill, { shape, dtype: x.dtype }));
  if (isChannelsLast(x)) {
    return split(x.node.inputs[0]!, sizes, channelsFirstAxis(axis, x.shape.length)).map(toChannelsLast);
  }
  const outputs = shapes.map((shape) => ({ shape, dtype: x.dtype }));
  return x.graph.add("Split", [x, x.graph.integers(sizes)], { axis }, outputs).outputs;
}

/** @param paddings - Before and after each axis; negative ones crop. */
export function pad(x: Value, paddings: readonly (readonly [number, number])[], value = 0, mode = "constant"): Value {
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
  if (isChannelsLast(x)) return toChannelsLast(pad(x.node.inputs[0]!, channelsFirst(paddings), value, mode));
  const shape = x.shape.map((size, i) => size + paddings[i]![0] + paddings[i]![1]);
  const widths = x.graph.integers([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
  const inputs = mode === "constant" ? [x, widths, scalar(x, value, x.dtype)] : [x, widths];
  return node("Pad", inputs, { mode }, { shape, dtype: x.dtype });
}

export interface MatMulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Added to each row, shape `(columns,)`; for two matrices only. */
  readonly bias?: Value | undefined;
}

/** The product of two matrices or of two stacks of them. */
export function matMul(
  a: Value,
  b: Value,
  { transposeA = false, transposeB = false, bias }: MatMulOptions = {},
): Value {
  const [rows, columns] = [a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!];
  if (a.shape.length === 2 && b.shape.length === 2) {
    const isFlipped = (x: Value) => x.node.op === "Transpose";
    const source = (x: Value) => (isFlipped(x) ? x.node.inputs[0]! : x);
    const attributes = {
      transA: Number(transposeA !== isFlipped(a)),
      transB: Number(transposeB !== isFlipped(b)),
    };
    const inputs = bias ? [source(a), source(b), bias] : [source(a), source(b)];
    return node("Gemm", inputs, attributes, { shape: [rows, columns], dtype: a.dtype });
  }
  const batch = broadcastShape([a.shape.slice(0, -2), b.shape.slice(0, -2)]);
  const operands = [transposeA ? swapLast(a) : a, transposeB ? swapLast(b) : b];
  return node("MatMul", operands, {}, { shape: [...batch, rows, columns], dtype: a.dtype });
}

function swapLast(x: Value): Value {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
}

/** Rows `indices` of `x` along `axis`. */
export function gather(x: Value, indices: Value, axis: number): Value {
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  return node("Gather", [x, indices], { axis }, { shape, dtype: x.dtype });
}
