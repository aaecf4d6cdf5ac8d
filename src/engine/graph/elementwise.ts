// The ONNX operators that work element by element. What is already known is not computed: constants fold.
import { type Attributes, type GraphDType, sizeOf, splatOf, type Value } from "./graph.js";
import { channelsFirst, expand, isChannelsLast, reshape, toChannelsFirst, toChannelsLast } from "./layout.js";
import { broadcastShape, dtypeCode, node, sameShape, scalar } from "./nodes.js";

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

export function cast(x: Value, dtype: GraphDType): Value {
  if (x.dtype === dtype) return x;
  const fill = splatOf(x);
  if (fill !== undefined) {
    const value = dtype === "bool" ? Number(fill !== 0) : dtype === "float32" ? fill : Math.trunc(fill);
    return x.graph.splat(value, { shape: x.shape, dtype });
  }
  return elementwise("Cast", [x], dtype, { to: dtypeCode(dtype) });
}
