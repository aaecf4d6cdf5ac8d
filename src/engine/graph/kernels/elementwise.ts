import {
  abs,
  add,
  and,
  cast,
  div,
  elementwise,
  equal,
  exp,
  floor,
  greater,
  greaterOrEqual,
  less,
  lessOrEqual,
  log,
  max,
  min,
  mul,
  neg,
  not,
  or,
  pow,
  reciprocal,
  sqrt,
  sub,
  where,
  xor,
} from "../elementwise.js";
import type { Value } from "../graph.js";
import { axisOf, defineKernels, type GraphKernel } from "../kernel.js";
import { reshape } from "../layout.js";
import { node, scalar } from "../nodes.js";

const one =
  (f: (x: Value) => Value): GraphKernel =>
  ({ x }) =>
    f(x!);
const two =
  (f: (a: Value, b: Value) => Value): GraphKernel =>
  ({ a, b }) =>
    f(a!, b!);
const asFloat =
  (f: (x: Value) => Value): GraphKernel =>
  ({ x }) =>
    f(cast(x!, "float32"));
const named = (op: string) => asFloat((x) => elementwise(op, [x]));
const num = (x: Value, value: number) => scalar(x, value, x.dtype);

export const step = (x: Value, alpha = 0): Value => {
  const above = cast(greater(x, num(x, 0)), "float32");
  if (alpha === 0) return above;
  return where(greater(x, num(x, 0)), scalar(x, 1), scalar(x, alpha));
};
const square = (x: Value) => mul(x, x);
/** `exp(x) - 1` where `x` is small without losing digits: `tanh(x / 2) * (exp(x) + 1)`. */
const expm1 = (x: Value) => mul(elementwise("Tanh", [mul(x, num(x, 0.5))]), add(exp(x), num(x, 1)));
/** `log(1 + x)` without losing digits: `log(u) * x / (u - 1)` with `u = 1 + x` (Goldberg, ACM Computing Surveys 23, 1991). */
const log1p = (x: Value) => {
  const u = add(x, num(x, 1));
  const d = sub(u, num(x, 1));
  const isTiny = equal(d, num(x, 0));
  return where(isTiny, x, mul(log(u), div(x, where(isTiny, num(x, 1), d))));
};
const elu = (x: Value) => where(greater(x, num(x, 0)), x, expm1(x));
const [seluAlpha, seluScale] = [1.7580993408473768, 1.0507009873554805];

export const relu = (x: Value): Value => elementwise("Relu", [x]);
export const sigmoid = (x: Value): Value => elementwise("Sigmoid", [x]);

/** The activation that a fused kernel ends with. */
export function activate(x: Value, activation: string | undefined, alpha?: Value, leakyReluAlpha = 0.2): Value {
  if (activation === undefined || activation === null || activation === "linear") return x;
  if (activation === "relu") return relu(x);
  if (activation === "relu6") return min(relu(x), num(x, 6));
  if (activation === "elu") return elu(x);
  if (activation === "sigmoid") return sigmoid(x);
  if (activation === "leakyrelu") return where(greater(x, num(x, 0)), x, mul(x, num(x, leakyReluAlpha)));
  if (activation === "prelu" && alpha) return where(greater(x, num(x, 0)), x, mul(x, alpha));
  throw new Error(`activation ${activation}`);
}

function softmax(logits: Value, axis = logits.shape.length - 1): Value {
  return node("Softmax", [logits], { axis: axisOf(axis, logits.shape.length) }, logits);
}

/** The angle of the point `(x, y)`: the arc tangent, turned by half a circle left of 0. */
function atan2(y: Value, x: Value): Value {
  const isZero = equal(x, num(x, 0));
  const angle = elementwise("Atan", [div(y, where(isZero, num(x, 1), x))]);
  const half = where(greaterOrEqual(y, num(y, 0)), num(y, Math.PI), num(y, -Math.PI));
  const upright = mul(elementwise("Sign", [y]), num(y, Math.PI / 2));
  return where(isZero, upright, where(less(x, num(x, 0)), add(angle, half), angle));
}

/** Quotients of whole numbers are cut toward minus infinity. */
function floorDiv(a: Value, b: Value): Value {
  const quotient = floor(div(cast(a, "float32"), cast(b, "float32")));
  return cast(quotient, a.dtype);
}

defineKernels({
  Abs: one(abs),
  Acos: named("Acos"),
  Acosh: named("Acosh"),
  Add: two(add),
  AddN: (inputs) => Object.values(inputs).reduce(add),
  Asin: named("Asin"),
  Asinh: named("Asinh"),
  Atan: named("Atan"),
  Atan2: two(atan2),
  Atanh: named("Atanh"),
  Cast: ({ x }, { dtype }) => cast(x!, dtype),
  Ceil: named("Ceil"),
  ClipByValue: ({ x }, { clipValueMin, clipValueMax }) => min(max(x!, num(x!, clipValueMin)), num(x!, clipValueMax)),
  Cos: named("Cos"),
  Cosh: named("Cosh"),
  Elu: one(elu),
  EluGrad: ({ dy, y }) => mul(dy!, where(greater(y!, num(y!, 0)), num(y!, 1), add(y!, num(y!, 1)))),
  Equal: two(equal),
  Erf: named("Erf"),
  Exp: asFloat(exp),
  Expm1: asFloat(expm1),
  Floor: one(floor),
  FloorDiv: two(floorDiv),
  Greater: two(greater),
  GreaterEqual: two(greaterOrEqual),
  Identity: one((x) => x),
  IsFinite: one((x) => less(abs(x), num(x, Number.POSITIVE_INFINITY))),
  IsInf: one((x) => equal(abs(x), num(x, Number.POSITIVE_INFINITY))),
  IsNan: one((x) => elementwise("IsNaN", [x], "bool")),
  LeakyRelu: ({ x }, { alpha }) => activate(x!, "leakyrelu", undefined, alpha),
  Less: two(less),
  LessEqual: two(lessOrEqual),
  Log: asFloat(log),
  Log1p: asFloat(log1p),
  LogicalAnd: two(and),
  LogicalNot: one(not),
  LogicalOr: two(or),
  LogicalXor: two(xor),
  LogSoftmax: ({ logits }, { axis }) => {
    const dimension = axisOf(axis ?? -1, logits!.shape.length);
    return node("LogSoftmax", [logits!], { axis: dimension }, logits!);
  },
  Maximum: two(max),
  Minimum: two(min),
  Mod: two((a, b) => sub(a, mul(b, cast(floor(div(cast(a, "float32"), cast(b, "float32"))), a.dtype)))),
  Multiply: two(mul),
  Neg: one(neg),
  NotEqual: two((a, b) => not(equal(a, b))),
  OnesLike: one((x) => x.graph.splat(1, x)),
  Pow: two(pow),
  Prelu: ({ x, alpha }) => activate(x!, "prelu", alpha),
  RealDiv: two((a, b) => div(cast(a, "float32"), cast(b, "float32"))),
  Reciprocal: asFloat(reciprocal),
  Relu: one(relu),
  Relu6: one((x) => activate(x, "relu6")),
  Round: named("Round"),
  Rsqrt: asFloat((x) => reciprocal(sqrt(x))),
  Select: ({ condition, t, e }) => {
    const missing = t!.shape.length - condition!.shape.length;
    return where(reshape(condition!, [...condition!.shape, ...Array(missing).fill(1)]), t!, e!);
  },
  Selu: one((x) => where(greater(x, num(x, 0)), mul(x, num(x, seluScale)), mul(expm1(x), num(x, seluAlpha)))),
  Sigmoid: asFloat(sigmoid),
  Sign: one((x) => elementwise("Sign", [x])),
  Sin: named("Sin"),
  Sinh: named("Sinh"),
  Softmax: ({ logits }, { dim }) => softmax(logits!, dim ?? -1),
  Softplus: asFloat((x) => add(relu(x), log1p(exp(neg(abs(x)))))),
  Sqrt: asFloat(sqrt),
  Square: one(square),
  SquaredDifference: two((a, b) => square(sub(a, b))),
  Step: ({ x }, { alpha }) => step(x!, alpha ?? 0),
  Sub: two(sub),
  Tan: named("Tan"),
  Tanh: named("Tanh"),
  ZerosLike: one((x) => x.graph.splat(0, x)),

  FusedBatchNorm: ({ x, mean, variance, offset, scale }, { varianceEpsilon }) => {
    const inverse = reciprocal(sqrt(add(variance!, num(variance!, varianceEpsilon ?? 0.001))));
    const factor = scale ? mul(scale, inverse) : inverse;
    const shift = offset ? sub(offset, mul(mean!, factor)) : neg(mul(mean!, factor));
    return add(mul(x!, factor), shift);
  },
  LRN: ({ x }, attributes) => div(x!, pow(lrnBase(x!, attributes), num(x!, attributes.beta))),
  LRNGrad: ({ x, y, dy }, attributes) => {
    // y = x / base^beta, and base = bias + alpha * (sum of x^2 in the window): the neighbours' terms are summed alike.
    const base = lrnBase(x!, attributes);
    const own = div(dy!, pow(base, num(x!, attributes.beta)));
    const spread = windowSum(div(mul(dy!, y!), base), attributes.depthRadius);
    return sub(own, mul(mul(x!, num(x!, 2 * attributes.alpha * attributes.beta)), spread));
  },
});

interface LrnAttributes {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
}

function lrnBase(x: Value, { depthRadius, bias, alpha }: LrnAttributes): Value {
  return add(mul(windowSum(square(x), depthRadius), num(x, alpha)), num(x, bias));
}

/** Sums over the channels at most `radius` away, as a product with a band matrix. */
function windowSum(x: Value, radius: number): Value {
  const channels = x.shape.at(-1)!;
  const band = Float32Array.from({ length: channels * channels }, (_, i) =>
    Number(Math.abs(Math.floor(i / channels) - (i % channels)) <= radius),
  );
  const matrix = x.graph.constant(band, { shape: [channels, channels], dtype: "float32" });
  const type = { shape: x.shape, dtype: x.dtype };
  return x.graph.add("MatMul", [x, matrix], {}, [type]).outputs[0]!;
}
