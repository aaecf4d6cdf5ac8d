// The ONNX operators with the shapes they give. What is already known is not computed: constants fold, and transposes move
// behind what works element by element, so that a stack of convolutions stays in the order of axes that they compute in.
import {
  type Attributes,
  type GraphArray,
  type GraphDType,
  sizeOf,
  splatOf,
  type Value,
  type ValueType,
} from "./graph.js";

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

const folded: Record<string, (...x: number[]) => number> = {
  Add: (a, b) => a! + b!,
  Sub: (a, b) => a! - b!,
  Mul: (a, b) => a! * b!,
  Div: (a, b) => a! / b!,
  Neg: (a) => -a!,
  Sqrt: (a) => Math.sqrt(a!),
  Reciprocal: (a) => 1 / a!,
  Exp: (a) => Math.exp(a!),
  Log: (a) => Math.log(a!),
};

/** An operator that works element by element, with broadcasting. */
export function elementwise(
  op: string,
  inputs: readonly Value[],
  dtype: GraphDType = inputs[0]!.dtype,
  attributes: Attributes = {},
): Value {
  const shape = broadcastShape(inputs.map((input) => input.shape));
  const { graph } = inputs[0]!;
  const fills = inputs.map(splatOf);
  const fold = folded[op];
  if (fold && dtype === "float32" && fills.every((fill) => fill !== undefined)) {
    return graph.splat(Math.fround(fold(...(fills as number[]))), { shape, dtype });
  }
  const same = unchanged(op, inputs, fills);
  if (same !== undefined && sameShape(same.shape, shape)) return same;
  const operands = inputs.map((input, i) =>
    fills[i] === undefined ? unexpanded(input) : graph.splat(fills[i]!, { shape: [], dtype: input.dtype }),
  );
  const reached = broadcastShape(operands.map((operand) => operand.shape));
  if (!sameShape(reached, shape)) return expand(elementwise(op, operands, dtype, attributes), shape);
  const moved = operands.find((operand) => isChannelsLast(operand) && operand.shape.length === shape.length);
  if (moved === undefined) return fused(op, operands) ?? node(op, operands, attributes, { shape, dtype });
  const inside = operands.map((operand) => toChannelsFirst(operand, shape.length));
  const type = { shape: channelsFirst(shape), dtype };
  return toChannelsLast(fused(op, inside) ?? node(op, inside, attributes, type));
}

/** The same in fewer passes over memory. */
function fused(op: string, operands: readonly Value[]): Value | undefined {
  const [a, b] = operands as [Value, Value];
  if (op === "Add") return withBias(a, b) ?? withBias(b, a);
  if (op === "Mul") return maskedUnpool(a, b) ?? maskedUnpool(b, a);
  return op === "Greater" && splatOf(b) === 0 ? positive(a, b) : undefined;
}

/** A convolution or a product of matrices adds a bias to each channel while it writes. */
function withBias(x: Value, bias: Value): Value | undefined {
  const { op, inputs, attributes } = x.node;
  if ((op !== "Conv" && op !== "Gemm") || inputs.length !== 2) return undefined;
  const channel = bias.shape.length - (op === "Conv" ? x.shape.length - 1 : 1);
  const channels = x.shape[1]!;
  if (bias.shape[channel] !== channels || sizeOf(bias.shape) !== channels) return undefined;
  return node(op, [...inputs, reshape(bias, [channels])], attributes, x);
}

/** Where `x > 0`, its rectified value is too; if that is there already, `x` itself need not be kept. */
function positive(x: Value, zero: Value): Value | undefined {
  const rectified = x.graph.find("Relu", [x]);
  return rectified && node("Greater", [rectified, zero], {}, { shape: x.shape, dtype: "bool" });
}

/** A gradient that went back through a max-pool and then stops where the pool's input is not positive, stops before it. */
function maskedUnpool(x: Value, mask: Value): Value | undefined {
  if (x.node.op !== "MaxUnpool" || mask.node.op !== "Cast") return undefined;
  const comparison = mask.node.inputs[0]!.node;
  const [dy, places, shape] = x.node.inputs as [Value, Value, Value];
  const pool = places.node;
  if (comparison.op !== "Greater" || comparison.inputs[0] !== pool.inputs[0] || !isZero(comparison.inputs[1]!)) {
    return undefined;
  }
  const passed = cast(greater(pool.outputs[0]!, scalar(dy, 0)), "float32");
  return node("MaxUnpool", [mul(dy, passed), places, shape], x.node.attributes, x);
}

function isZero({ node: { op, data } }: Value): boolean {
  return op === "Constant" && data?.length === 1 && Number(data[0]) === 0;
}

/** What was spread over a larger shape, before that: an operator spreads its operands itself. */
function unexpanded(x: Value): Value {
  return x.node.op === "Expand" && splatOf(x) === undefined ? x.node.inputs[0]! : x;
}

/** `x * 1`, `x / 1`, `x + 0` and `x - 0` are `x`. */
function unchanged(op: string, inputs: readonly Value[], fills: readonly (number | undefined)[]): Value | undefined {
  const neutral = op === "Mul" || op === "Div" ? 1 : op === "Add" || op === "Sub" ? 0 : undefined;
  if (neutral === undefined) return undefined;
  if (fills[1] === neutral) return inputs[0];
  return fills[0] === neutral && (op === "Mul" || op === "Add") ? inputs[1] : undefined;
}

const binary =
  (op: string) =>
  (a: Value, b: Value): Value =>
    elementwise(op, [a, b]);
const comparison =
  (op: string) =>
  (a: Value, b: Value): Value =>
    elementwise(op, [a, b], "bool");
const unary =
  (op: string) =>
  (x: Value): Value =>
    elementwise(op, [x]);

export const add = binary("Add");
export const sub = binary("Sub");
export const mul = binary("Mul");
export const div = binary("Div");
export const max = binary("Max");
export const min = binary("Min");
export const pow = binary("Pow");
export const and = comparison("And");
export const or = comparison("Or");
export const xor = comparison("Xor");
export const equal = comparison("Equal");
export const greater = comparison("Greater");
export const greaterOrEqual = comparison("GreaterOrEqual");
export const less = comparison("Less");
export const lessOrEqual = comparison("LessOrEqual");
export const neg = unary("Neg");
export const sqrt = unary("Sqrt");
export const exp = unary("Exp");
export const log = unary("Log");
export const abs = unary("Abs");
export const floor = unary("Floor");
export const not = unary("Not");
export const reciprocal = unary("Reciprocal");

/** `condition ? a : b`, element by element. */
export function where(condition: Value, a: Value, b: Value): Value {
  return elementwise("Where", [condition, a, b], a.dtype);
}

const dtypeCodes: Readonly<Record<GraphDType, number>> = { float32: 1, int32: 6, bool: 9, int64: 7 };

export function dtypeCode(dtype: GraphDType): number {
  return dtypeCodes[dtype];
}

export function cast(x: Value, dtype: GraphDType): Value {
  if (x.dtype === dtype) return x;
  const fill = splatOf(x);
  if (fill !== undefined) {
    const value = dtype === "bool" ? Number(fill !== 0) : dtype === "float32" ? fill : Math.trunc(fill);
    return x.graph.splat(value, { shape: x.shape, dtype });
  }
  return elementwise("Cast", [x], dtype, { to: dtypeCode(dtype) });
}

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

function isChannelsLast(x: Value): boolean {
  if (x.node.op !== "Transpose" || x.shape.length < 3) return false;
  const perm = x.node.attributes.perm as readonly number[];
  return perm[0] === 0 && perm.at(-1) === 1 && perm.slice(1, -1).every((axis, i) => axis === i + 2);
}

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

function channelsFirstAxis(axis: number, rank: number): number {
  return channelsFirst(Array.from({ length: rank }, (_, i) => i)).indexOf(axis);
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
