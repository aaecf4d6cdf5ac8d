import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../../src/core/random.js";
import { CompiledFunction } from "../../../src/engine/compiled/compiled-function.js";
import { HostVariables } from "../../../src/engine/compiled/host-variables.js";
import { tf } from "../../../src/engine/tf.js";

// Every kernel that a graph knows, by an operation that asks for it: values and gradients of the compiled step against those
// of the cpu backend.

type Tensors = tf.Tensor[];
/** Shapes of the inputs, then what to compute of them. */
type Case = [
  name: string,
  shapes: (number[] | { shape: number[]; from: number; to: number })[],
  f: (x: Tensors) => tf.Tensor,
  noGradient?: "no gradient",
];

const positive = (shape: number[]) => ({ shape, from: 0.2, to: 2 });
const inside = (shape: number[]) => ({ shape, from: -0.9, to: 0.9 });
const flags = (x: tf.Tensor) => tf.greater(x, 0);
const t4 = (x: tf.Tensor) => x as tf.Tensor4D;
const t5 = (x: tf.Tensor) => x as tf.Tensor5D;
const unary = (name: string, f: (x: tf.Tensor) => tf.Tensor, shape: Case[1][0] = [3, 4]): Case => [
  name,
  [shape],
  ([x]) => f(x!),
];
/** TensorFlow.js has no gradient of it. */
const value = (...row: Parameters<typeof unary>): Case => [
  ...(unary(...row) as [string, Case[1], Case[2]]),
  "no gradient",
];
const binary = (name: string, f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Case[] => [
  [name, [positive([3, 4]), positive([3, 4])], ([a, b]) => f(a!, b!)],
  [`${name} with rows and columns`, [positive([2, 3, 1]), positive([4])], ([a, b]) => f(a!, b!)],
];

const elementwise: Case[] = [
  unary("abs", tf.abs),
  unary("acos", tf.acos, inside([5])),
  unary("acosh", (x) => tf.acosh(tf.add(x, 1.5)), positive([5])),
  unary("asin", tf.asin, inside([5])),
  unary("asinh", tf.asinh),
  unary("atan", tf.atan),
  unary("atanh", tf.atanh, inside([5])),
  unary("ceil", tf.ceil),
  unary("clipByValue", (x) => tf.clipByValue(x, -0.5, 0.4)),
  unary("cos", tf.cos),
  unary("cosh", tf.cosh),
  unary("elu", tf.elu),
  unary("erf", tf.erf),
  unary("exp", tf.exp),
  unary("expm1", tf.expm1),
  unary("floor", tf.floor),
  unary("isFinite", (x) => tf.cast(tf.isFinite(tf.div(1, tf.relu(x))), "float32")),
  unary("isInf", (x) => tf.cast(tf.isInf(tf.div(1, tf.relu(x))), "float32")),
  unary("isNaN", (x) => tf.cast(tf.isNaN(tf.sqrt(x)), "float32")),
  unary("leakyRelu", (x) => tf.leakyRelu(x, 0.3)),
  unary("log", tf.log, positive([5])),
  unary("log1p", tf.log1p, positive([5])),
  unary("log1p of tiny numbers", (x) => tf.log1p(tf.mul(x, 1e-8)), positive([5])),
  unary("logicalNot", (x) => tf.cast(tf.logicalNot(flags(x)), "float32")),
  unary("logSigmoid", tf.logSigmoid),
  unary("logSoftmax", (x) => tf.logSoftmax(x)),
  unary("neg", tf.neg),
  unary("onesLike", (x) => tf.mul(x, tf.onesLike(x))),
  unary("reciprocal", tf.reciprocal, positive([5])),
  unary("relu", tf.relu),
  unary("relu6", (x) => tf.relu6(tf.mul(x, 5))),
  unary("round", tf.round),
  unary("rsqrt", tf.rsqrt, positive([5])),
  unary("selu", tf.selu),
  unary("sigmoid", tf.sigmoid),
  unary("sign", tf.sign),
  unary("sin", tf.sin),
  unary("sinh", tf.sinh),
  unary("softmax", (x) => tf.softmax(x)),
  unary("softplus", tf.softplus),
  unary("sqrt", tf.sqrt, positive([5])),
  unary("square", tf.square),
  unary("step", (x) => tf.step(x, 0.1)),
  unary("tan", tf.tan, inside([5])),
  unary("tanh", tf.tanh),
  unary("zerosLike", (x) => tf.add(x, tf.zerosLike(x))),
  ["prelu", [[3, 4], positive([4])], ([x, alpha]) => tf.prelu(x!, alpha!)],
  [
    "where",
    [
      [3, 4],
      [3, 4],
    ],
    ([a, b]) => tf.where(flags(a!), a!, b!),
  ],
  [
    "addN",
    [
      [3, 4],
      [3, 4],
      [3, 4],
    ],
    (all) => tf.addN(all),
  ],
  ...binary("add", tf.add),
  ...binary("atan2", (a, b) => tf.atan2(tf.sub(a, 1), tf.sub(b, 1))),
  ...binary("sub", tf.sub),
  ...binary("mul", tf.mul),
  ...binary("div", tf.div),
  ...binary("floorDiv", (a, b) =>
    tf.cast(tf.floorDiv(tf.cast(tf.mul(a, 9), "int32"), tf.cast(tf.mul(b, 4), "int32")), "float32"),
  ),
  ...binary("maximum", tf.maximum),
  ...binary("minimum", tf.minimum),
  ...binary("mod", (a, b) => tf.mod(a, b)),
  ...binary("pow", tf.pow),
  ...binary("squaredDifference", tf.squaredDifference),
  ...(["equal", "notEqual", "greater", "greaterEqual", "less", "lessEqual"] as const).flatMap((name) =>
    binary(name, (a, b) => tf.cast(tf[name](tf.round(a), tf.round(b)), "float32")),
  ),
  ...(["logicalAnd", "logicalOr", "logicalXor"] as const).flatMap((name) =>
    binary(name, (a, b) => tf.cast(tf[name](tf.greater(a, 1), tf.greater(b, 1)), "float32")),
  ),
  ["localResponseNormalization", [[2, 3, 3, 7]], ([x]) => tf.localResponseNormalization(t4(x!), 2, 1, 0.5, 0.7)],
  [
    "batchNorm",
    [[2, 3, 3, 4], [4], positive([4]), [4], [4]],
    ([x, mean, variance, offset, scale]) =>
      tf.batchNorm(x!, mean as never, variance as never, offset as never, scale as never),
  ],
];

const reductions: Case[] = [
  unary("sum", (x) => tf.sum(x, 1)),
  unary("sum of all", (x) => tf.sum(x)),
  unary("sum of truth values", (x) => tf.cast(tf.sum(flags(x), 0), "float32")),
  unary("mean", (x) => tf.mean(x, [0], true)),
  unary("max", (x) => tf.max(x, 1)),
  unary("min", (x) => tf.min(x, 0)),
  unary("prod", (x) => tf.prod(x, 1), positive([3, 4])),
  unary("all", (x) => tf.cast(tf.all(flags(x), 1), "float32")),
  unary("any", (x) => tf.cast(tf.any(flags(x), 1), "float32")),
  unary("argMax", (x) => tf.cast(tf.argMax(x, 1), "float32")),
  unary("argMin", (x) => tf.cast(tf.argMin(x, 0), "float32")),
  unary("cumsum", (x) => tf.cumsum(x, 1)),
  value("cumsum, exclusive and reverse", (x) => tf.cumsum(x, 0, true, true)),
  unary("logSumExp", (x) => tf.logSumExp(x, 1)),
  unary("moments", (x) => tf.moments(x, [0]).variance),
  unary("norm", (x) => tf.norm(x, 2, 1)),
];

const shaping: Case[] = [
  unary(
    "batchToSpaceND",
    (x) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 1],
          [1, 0],
        ],
      ),
    [4, 3, 3, 2],
  ),
  unary("broadcastTo", (x) => tf.broadcastTo(x, [5, 3, 4])),
  [
    "concat",
    [
      [3, 2],
      [3, 5],
    ],
    (all) => tf.concat(all, 1),
  ],
  unary("depthToSpace", (x) => tf.depthToSpace(t4(x), 2), [2, 3, 3, 8]),
  unary("expandDims", (x) => tf.mul(tf.expandDims(x, 1), 2)),
  unary("fill", (x) => tf.mul(tf.fill([3, 4], 2.5), x)),
  unary("gather", (x) => tf.gather(x, tf.tensor1d([2, 0, 2, 2], "int32"))),
  unary("gather of columns", (x) =>
    tf.gather(
      x,
      tf.tensor2d(
        [
          [1, 3],
          [3, 0],
        ],
        [2, 2],
        "int32",
      ),
      1,
    ),
  ),
  unary("gatherND", (x) =>
    tf.gatherND(
      x,
      tf.tensor2d(
        [
          [0, 1],
          [2, 3],
        ],
        [2, 2],
        "int32",
      ),
    ),
  ),
  unary("linspace", (x) => tf.mul(x, tf.linspace(0, 1, 4))),
  unary("mirrorPad", (x) =>
    tf.mirrorPad(
      x,
      [
        [1, 1],
        [2, 0],
      ],
      "reflect",
    ),
  ),
  unary("oneHot", (x) => tf.cast(tf.oneHot(tf.cast(tf.argMax(x, 1), "int32"), 4), "float32")),
  unary("oneHot with other values", (x) => tf.oneHot(tf.argMax(x, 1), 4, 3, -1, "float32")),
  [
    "stack",
    [
      [3, 2],
      [3, 2],
    ],
    (all) => tf.stack(all, 1),
  ],
  unary("pad", (x) =>
    tf.pad(
      x,
      [
        [1, 0],
        [2, 1],
      ],
      0.5,
    ),
  ),
  unary("range", (x) => tf.mul(x, tf.range(0, 4, 1))),
  unary("reshape", (x) => tf.reshape(x, [2, -1])),
  unary("reverse", (x) => tf.reverse(x, [1])),
  unary("scatterND", (x) => tf.scatterND(tf.tensor2d([[0], [2], [0]], [3, 1], "int32"), x, [5, 4])),
  unary("slice", (x) => tf.slice(x, [1, 1], [2, -1])),
  unary(
    "spaceToBatchND",
    (x) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [0, 1],
          [1, 0],
        ],
      ),
    [1, 3, 3, 2],
  ),
  unary("split", (x) => tf.sub(tf.split(x, [1, 3], 1)[1]!, 1)),
  unary("squeeze", (x) => tf.squeeze(tf.reshape(x, [3, 1, 4]))),
  unary("stridedSlice", (x) => tf.stridedSlice(x, [0, 3], [3, 0], [2, -1])),
  unary("tile", (x) => tf.tile(x, [2, 3])),
  unary("tile of a row", (x) => tf.tile(x, [2, 3, 1]), [1, 3, 4]),
  unary("topk", (x) => tf.topk(x, 2).values),
  unary("transpose", (x) => tf.transpose(x, [2, 0, 1]), [2, 3, 4]),
  unary("unstack", (x) => tf.mul(tf.unstack(x, 1)[2]!, 2)),
  unary("unsortedSegmentSum", (x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1], "int32"), 3)),
];

const products: Case[] = [
  ...[false, true].flatMap((ta) =>
    [false, true].flatMap((tb): Case[] => [
      [`matMul ${ta} ${tb}`, [ta ? [4, 3] : [3, 4], tb ? [5, 4] : [4, 5]], ([a, b]) => tf.matMul(a!, b!, ta, tb)],
      [
        `stacked matMul ${ta} ${tb}`,
        [ta ? [2, 4, 3] : [2, 3, 4], tb ? [2, 5, 4] : [2, 4, 5]],
        ([a, b]) => tf.matMul(a!, b!, ta, tb),
      ],
    ]),
  ),
  [
    "matMul with a stack on one side",
    [
      [2, 3, 4],
      [1, 4, 5],
    ],
    ([a, b]) => tf.matMul(a!, b!),
  ],
  ["dot", [[3, 4], [4]], ([a, b]) => tf.dot(a!, b!)],
  [
    "fused matMul",
    [[3, 4], [4, 5], [5]],
    ([a, b, bias]) =>
      tf.fused.matMul({ a: a!, b: b!, bias: bias!, transposeA: false, transposeB: false, activation: "relu" }),
  ],
];

const convolutions: Case[] = [
  ...(["same", "valid"] as const).flatMap((pad) =>
    [1, 2].flatMap((stride): Case[] => [
      [
        `conv2d ${pad} ${stride}`,
        [
          [2, 7, 6, 3],
          [3, 3, 3, 4],
        ],
        ([x, w]) => tf.conv2d(t4(x!), t4(w!), stride, pad),
      ],
      [
        `conv2d 1x1 ${pad} ${stride}`,
        [
          [2, 5, 4, 3],
          [1, 1, 3, 4],
        ],
        ([x, w]) => tf.conv2d(t4(x!), t4(w!), stride, pad),
      ],
      [
        `conv2d with an even filter ${pad} ${stride}`,
        [
          [1, 7, 6, 2],
          [2, 4, 2, 3],
        ],
        ([x, w]) => tf.conv2d(t4(x!), t4(w!), stride, pad),
      ],
      [
        `depthwiseConv2d ${pad} ${stride}`,
        [
          [2, 7, 6, 3],
          [3, 3, 3, 2],
        ],
        ([x, w]) => tf.depthwiseConv2d(t4(x!), t4(w!), stride, pad),
      ],
      [
        `conv3d ${pad} ${stride}`,
        [
          [1, 5, 4, 6, 2],
          [3, 2, 3, 2, 3],
        ],
        ([x, w]) => tf.conv3d(t5(x!), t5(w!), stride, pad),
      ],
      [
        `conv1d ${pad} ${stride}`,
        [
          [2, 9, 3],
          [3, 3, 4],
        ],
        ([x, w]) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, stride, pad),
      ],
      [
        `conv2dTranspose ${pad} ${stride}`,
        [
          [2, 4, 3, 3],
          [3, 3, 2, 3],
        ],
        ([x, w]) => {
          const size = (n: number) => (pad === "same" ? n * stride : (n - 1) * stride + 3);
          return tf.conv2dTranspose(t4(x!), t4(w!), [2, size(4), size(3), 2], stride, pad);
        },
      ],
      [`maxPool ${pad} ${stride}`, [[2, 7, 6, 3]], ([x]) => tf.maxPool(t4(x!), 3, stride, pad)],
      [`avgPool ${pad} ${stride}`, [[2, 7, 6, 3]], ([x]) => tf.avgPool(t4(x!), 3, stride, pad)],
      [`maxPool3d ${pad} ${stride}`, [[1, 5, 4, 6, 2]], ([x]) => tf.maxPool3d(t5(x!), 2, stride, pad)],
      [`avgPool3d ${pad} ${stride}`, [[1, 5, 4, 6, 2]], ([x]) => tf.avgPool3d(t5(x!), 2, stride, pad)],
    ]),
  ),
  [
    "conv2d with explicit padding",
    [
      [1, 5, 5, 2],
      [3, 3, 2, 2],
    ],
    ([x, w]) =>
      tf.conv2d(t4(x!), t4(w!), 1, [
        [0, 0],
        [2, 0],
        [1, 1],
        [0, 0],
      ]),
  ],
  [
    "conv2d dilated, forward",
    [
      [1, 7, 7, 2],
      [3, 3, 2, 2],
    ],
    ([x, w]) => tf.conv2d(t4(x!), t4(w!), 1, "same", "NHWC", 2),
    "no gradient",
  ],
  ["maxPool of tiles", [[2, 6, 7, 3]], ([x]) => tf.maxPool(t4(x!), 2, 2, "valid")],
  ["avgPool of tiles", [[2, 6, 7, 3]], ([x]) => tf.avgPool(t4(x!), 2, 2, "valid")],
  [
    "a stack that stays in the order of channels",
    [[2, 6, 6, 2], [3, 3, 2, 3], [3], [3, 3, 3, 2]],
    ([x, w, b, v]) => {
      const h = tf.relu(tf.add(tf.conv2d(t4(x!), t4(w!), 1, "same"), b!));
      const both = tf.concat(
        [
          h,
          tf.pad(tf.slice(h, [0, 1, 0, 0], [2, 5, 6, 3]), [
            [0, 0],
            [1, 0],
            [0, 0],
            [0, 0],
          ]),
        ],
        1,
      );
      return tf.mean(tf.conv2d(t4(both), t4(v!), 1, "same"), [1, 2]);
    },
  ],
  ...[false, true].flatMap((align): Case[] => [
    [`resizeBilinear ${align}`, [[1, 4, 5, 2]], ([x]) => tf.image.resizeBilinear(t4(x!), [7, 9], align)],
    [`resizeNearestNeighbor ${align}`, [[1, 4, 5, 2]], ([x]) => tf.image.resizeNearestNeighbor(t4(x!), [7, 9], align)],
  ]),
];

function numbers(size: number, from: number, to: number, random: RandomStream): Float32Array {
  return Float32Array.from({ length: size }, () => from + (to - from) * random.uniform());
}

const plain = (spec: Case[1][0]) => (Array.isArray(spec) ? { shape: spec, from: -1, to: 1 } : spec);

/** Value and gradients, weighed so that no two elements count alike. */
function judged(f: Case[2], noGradient: boolean) {
  return (inputs: Tensors): Record<string, tf.Tensor> => {
    const weights = (size: number) => Float32Array.from({ length: size }, (_, i) => Math.sin(i + 1));
    const weigh = (y: tf.Tensor) => tf.sum(tf.mul(y, tf.tensor(weights(y.size), y.shape)));
    const value = tf.tidy(() => f(inputs));
    if (noGradient) return { value };
    const gradients = tf.grads((...x: tf.Tensor[]) => weigh(f(x)))(inputs);
    return { value, ...Object.fromEntries(gradients.map((gradient, i) => [`gradient${i}`, gradient])) };
  };
}

let backend: string;
beforeAll(async () => {
  backend = tf.getBackend();
  await tf.setBackend("cpu");
});
afterAll(async () => {
  await tf.setBackend(backend);
});

function compare([, shapes, f, noGradient]: Case): void {
  const random = RandomStream.of(3, "data");
  const specs = shapes.map(plain);
  const data = specs.map(({ shape, from, to }) =>
    numbers(
      shape.reduce((a, b) => a * b, 1),
      from,
      to,
      random,
    ),
  );
  const variables = new HostVariables();
  const types = specs.map(({ shape }) => ({ shape, dtype: "float32" as const }));
  const before = tf.memory().numTensors;
  const compiled = CompiledFunction.of(judged(f, noGradient !== undefined), types, variables);
  expect(tf.memory().numTensors).toBe(before);
  for (const [i, input] of compiled.inputs.entries()) (input as Float32Array).set(data[i]!);
  compiled.run(variables, random);
  tf.tidy(() => {
    const eager = judged(f, noGradient !== undefined)(specs.map(({ shape }, i) => tf.tensor(data[i]!, shape)));
    for (const [name, tensor] of Object.entries(eager)) {
      const expected = Array.from(tensor.dataSync());
      const got = Array.from(compiled.outputs[name] as Float32Array, Number);
      expect(got.length).toBe(expected.length);
      got.forEach((value, i) => {
        const other = expected[i]!;
        const off = Object.is(value, other) ? 0 : Math.abs(value - other) / Math.max(1, Math.abs(other));
        if (!(off < 1e-5)) throw new Error(`${name}[${i}]: ${value}, on the cpu backend ${other}`);
      });
    }
  });
  compiled.dispose();
}

describe("a compiled step has the values and gradients of the cpu backend", () => {
  it.each(elementwise)("%s", (...row) => compare(row));
  it.each(reductions)("%s", (...row) => compare(row));
  it.each(shaping)("%s", (...row) => compare(row));
  it.each(products)("%s", (...row) => compare(row));
  it.each(convolutions)("%s", (...row) => compare(row));
});
