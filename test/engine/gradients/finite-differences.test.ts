import { afterAll, describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../../src/core/random.js";
import { tf } from "../../../src/engine/tf.js";

/** Far enough apart that no step of the differences makes another value the largest. */
const spacing = 0.03;
const step = 0.01;

/** Different values around 0 in random order. */
function values(size: number, random: RandomStream): Float32Array {
  const shuffled = random.shuffle(Float32Array.from({ length: size }, (_, i) => i));
  return shuffled.map((rank) => (rank - size / 2 + 0.4) * spacing);
}

// biome-ignore lint/suspicious/noExplicitAny: every operation wants a tensor of its own rank
type Operation = (...inputs: any[]) => tf.Tensor;

const ids = (table: number[][]) => tf.tensor2d(table, undefined, "int32");

const operations: [name: string, shapes: number[][], f: Operation][] = [
  ["average pool, same", [[2, 5, 4, 2]], (x) => tf.avgPool(x, 3, 2, "same")],
  ["average pool, same, stride 1", [[1, 4, 5, 3]], (x) => tf.avgPool(x, [2, 3], 1, "same")],
  ["average pool, valid", [[2, 5, 4, 2]], (x) => tf.avgPool(x, 2, 1, "valid")],
  ["average pool of volumes, same", [[1, 3, 4, 3, 2]], (x) => tf.avgPool3d(x, 2, 2, "same")],
  ["max pool, same", [[2, 5, 4, 2]], (x) => tf.maxPool(x, 3, 2, "same")],
  ["max pool with overlap", [[1, 5, 6, 2]], (x) => tf.maxPool(x, 3, 1, "valid")],
  ["max pool of volumes", [[1, 3, 4, 3, 2]], (x) => tf.maxPool3d(x, 2, 1, "valid")],
  [
    "conv2d, 1 channel",
    [
      [2, 5, 4, 1],
      [3, 3, 1, 2],
    ],
    (x, w) => tf.conv2d(x, w, 1, "same"),
  ],
  [
    "conv2d, 6 channels",
    [
      [2, 4, 4, 6],
      [3, 2, 6, 3],
    ],
    (x, w) => tf.conv2d(x, w, 1, "same"),
  ],
  [
    "conv2d, stride 2, 6 channels",
    [
      [1, 5, 4, 6],
      [3, 3, 6, 2],
    ],
    (x, w) => tf.conv2d(x, w, 2, "same"),
  ],
  [
    "conv2d, one tap",
    [
      [2, 3, 4, 5],
      [1, 1, 5, 3],
    ],
    (x, w) => tf.conv2d(x, w, [2, 1], "valid"),
  ],
  [
    "conv2d, wide border",
    [
      [1, 4, 4, 2],
      [2, 2, 2, 2],
    ],
    (x, w) => tf.conv2d(x, w, 1, 2),
  ],
  [
    "conv2d, dilated",
    [
      [1, 7, 6, 2],
      [3, 2, 2, 2],
    ],
    (x, w) => tf.conv2d(x, w, 1, "same", "NHWC", [2, 3]),
  ],
  [
    "conv2d, dilated, valid",
    [
      [1, 7, 6, 2],
      [3, 2, 2, 2],
    ],
    (x, w) => tf.conv2d(x, w, 1, "valid", "NHWC", 2),
  ],
  [
    "conv2d transpose",
    [
      [1, 3, 4, 2],
      [3, 3, 2, 2],
    ],
    (x, w) => tf.conv2dTranspose(x, w, [1, 6, 8, 2], 2, "same"),
  ],
  [
    "depthwise",
    [
      [2, 5, 4, 3],
      [3, 3, 3, 1],
    ],
    (x, w) => tf.depthwiseConv2d(x, w, 1, "same"),
  ],
  [
    "depthwise, stride 2, twice the channels",
    [
      [2, 5, 4, 3],
      [3, 2, 3, 2],
    ],
    (x, w) => tf.depthwiseConv2d(x, w, 2, "same"),
  ],
  [
    "depthwise, dilated",
    [
      [1, 6, 7, 5],
      [2, 3, 5, 1],
    ],
    (x, w) => tf.depthwiseConv2d(x, w, 1, "same", "NHWC", [2, 2]),
  ],
  [
    "conv3d",
    [
      [1, 3, 4, 3, 2],
      [2, 2, 2, 2, 3],
    ],
    (x, w) => tf.conv3d(x, w, 1, "same"),
  ],
  [
    "conv3d, stride 2",
    [
      [1, 3, 4, 3, 2],
      [2, 3, 2, 2, 2],
    ],
    (x, w) => tf.conv3d(x, w, 2, "same"),
  ],
  [
    "conv3d transpose",
    [
      [1, 2, 2, 2, 2],
      [2, 2, 2, 2, 2],
    ],
    (x, w) => tf.conv3dTranspose(x, w, [1, 4, 4, 4, 2], 2, "same"),
  ],
  ["batch norm", [[2, 2, 3, 4], [4], [4], [4], [4]], (x, m, v, o, s) => tf.batchNorm(x, m, v.square().add(0.5), o, s)],
  [
    "batch norm along the rows",
    [
      [2, 3, 2, 2],
      [1, 3, 1, 1],
      [1, 3, 1, 1],
      [1, 3, 1, 1],
      [1, 3, 1, 1],
    ],
    (x, m, v, o, s) => tf.batchNorm(x, m, v.square().add(0.5), o, s),
  ],
  [
    "matMul, transposed twice",
    [
      [3, 4],
      [5, 3],
    ],
    (a, b) => tf.matMul(a, b, true, true),
  ],
  [
    "matMul, one matrix for a batch",
    [
      [4, 3, 5],
      [1, 5, 2],
    ],
    (a, b) => tf.matMul(a, b),
  ],
  [
    "matMul, both sides broadcast",
    [
      [2, 1, 3, 4],
      [1, 3, 2, 4],
    ],
    (a, b) => tf.matMul(a, b, false, true),
  ],
  [
    "einsum of matrices",
    [
      [3, 4],
      [4, 5],
    ],
    (a, b) => tf.einsum("ij,jk->ki", a, b),
  ],
  [
    "einsum with a sum of its own",
    [
      [3, 4, 2],
      [4, 5],
    ],
    (a, b) => tf.einsum("ijl,jk->ik", a, b),
  ],
  [
    "einsum of heads",
    [
      [2, 3, 2, 4],
      [2, 3, 2, 4],
    ],
    (a, b) => tf.einsum("bqhd,bkhd->bhqk", a, b),
  ],
  ["einsum of one tensor", [[3, 4, 2]], (a) => tf.einsum("ijk->ki", a)],
  ["sum and mean of leading dimensions", [[3, 4, 2]], (x) => tf.mul(tf.sum(x, [0, 1]), tf.mean(x, [0], true))],
  ["sum of a dimension in the middle", [[3, 4, 2]], (x) => tf.sum(x, 1)],
  ["squared difference, broadcast", [[3, 4], [4]], (a, b) => tf.squaredDifference(a, b)],
  [
    "gather",
    [[5, 3]],
    (x) =>
      tf.gather(
        x,
        ids([
          [0, 2],
          [4, 0],
        ]),
      ),
  ],
  [
    "gather along another dimension",
    [[3, 5, 2]],
    (x) =>
      tf.gather(
        x,
        ids([
          [0, 2],
          [4, 0],
        ]),
        1,
      ),
  ],
  [
    "gather of batches",
    [[2, 5, 3]],
    (x) =>
      tf.gather(
        x,
        ids([
          [0, 2],
          [4, 0],
        ]),
        1,
        1,
      ),
  ],
  [
    "gatherND",
    [[4, 3]],
    (x) =>
      tf.gatherND(
        x,
        ids([
          [0, 1],
          [2, 2],
          [0, 1],
        ]),
      ),
  ],
  ["scatterND", [[3, 2]], (x) => tf.scatterND(ids([[0], [4], [4]]), x, [6, 2])],
  ["tensorScatterUpdate", [[6], [3]], (x, updates) => tf.tensorScatterUpdate(x, ids([[0], [4], [3]]), updates)],
  ["stridedSlice", [[4, 6]], (x) => tf.stridedSlice(x, [0, 5], [4, 0], [2, -2])],
  [
    "mirrorPad, symmetric",
    [[4, 3]],
    (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 2],
          [1, 1],
        ],
        "symmetric",
      ),
  ],
  [
    "mirrorPad, reflect",
    [[4, 3]],
    (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 2],
          [1, 0],
        ],
        "reflect",
      ),
  ],
  ["depthToSpace", [[1, 2, 3, 8]], (x) => tf.depthToSpace(x, 2)],
  ["topk", [[4, 6]], (x) => tf.topk(x, 2).values],
  ["diag", [[4]], (x) => tf.diag(x)],
  ["flipLeftRight", [[1, 3, 4, 2]], (x) => tf.image.flipLeftRight(x)],
  ["cumprod", [[4, 3]], (x) => tf.cumprod(x, 1, false, true)],
  ["cumprod, exclusive", [[4, 3]], (x) => tf.cumprod(x, 1, true)],
  ["resize, bilinear", [[1, 3, 4, 2]], (x) => tf.image.resizeBilinear(x, [5, 7])],
  ["resize, bilinear, corners", [[1, 3, 4, 2]], (x) => tf.image.resizeBilinear(x, [5, 7], true)],
  ["resize, bilinear, half pixels", [[1, 3, 4, 2]], (x) => tf.image.resizeBilinear(x, [5, 2], false, true)],
  ["resize, nearest", [[1, 3, 4, 2]], (x) => tf.image.resizeNearestNeighbor(x, [6, 7])],
  ["resize, nearest, corners", [[1, 3, 4, 2]], (x) => tf.image.resizeNearestNeighbor(x, [5, 7], true)],
  ["resize, nearest, half pixels", [[1, 3, 4, 2]], (x) => tf.image.resizeNearestNeighbor(x, [5, 7], false, true)],
  ["tile", [[2, 3]], (x) => tf.tile(x, [3, 2])],
  ["branches of a condition", [[4, 3]], (x) => tf.where(x.greater(-1).logicalAnd(x.less(1)), x.square(), x)],
];

describe.each(["cpu", "wasm"])("on %s, the gradients are those of finite differences", (backend) => {
  afterAll(async () => {
    await tf.setBackend("wasm");
  });

  it.each(operations)("%s", async (_, shapes, f) => {
    await tf.setBackend(backend);
    tf.tidy(() => {
      const random = RandomStream.of(11, "data");
      const inputs = shapes.map((shape) => tf.tensor(values(tf.util.sizeFromShape(shape), random), shape));
      const weight = (i: number) => Math.sin(1.7 * i) + 0.3;
      const lossOf = (xs: tf.Tensor[]) =>
        tf.tidy(() => Array.from(f(...xs).dataSync()).reduce((sum, value, i) => sum + value * weight(i), 0));
      const gradients = tf.grads((...xs: tf.Tensor[]) => {
        const y = f(...xs);
        const weights = tf.tensor(
          Float32Array.from({ length: y.size }, (__, i) => weight(i)),
          y.shape,
        );
        return y.mul(weights).sum();
      })(inputs);
      for (const [k, gradient] of gradients.entries()) {
        const own = inputs[k]!.dataSync();
        const at = (i: number, change: number) => {
          const moved = tf.tensor(
            own.map((value, j) => (j === i ? value + change : value)),
            inputs[k]!.shape,
          );
          return lossOf(inputs.map((input, j) => (j === k ? moved : input)));
        };
        const expected = Array.from(own, (__, i) => (at(i, step) - at(i, -step)) / (2 * step));
        const largest = Math.max(1, ...expected.map(Math.abs));
        const errors = Array.from(gradient.dataSync(), (value, i) => Math.abs(value - expected[i]!) / largest);
        expect(Math.max(...errors)).toBeLessThan(2e-3);
      }
    });
  });
});

describe("values that are the largest or the smallest together", () => {
  // As keras.ops.max and min of Keras 3.15.1 on torch 2.14.1.
  it("share the gradient", () => {
    const x = tf.tensor3d([
      [[3], [3], [1]],
      [[2], [2], [2]],
    ]); // (2, 3, 1)
    const gradient = (f: (x: tf.Tensor) => tf.Tensor) => Array.from(tf.grad(f)(x).dataSync());
    const third = Math.fround(1 / 3);
    expect(gradient((given) => tf.max(given, 1))).toEqual([0.5, 0.5, 0, third, third, third]);
    expect(gradient((given) => tf.min(given, [1, 2], true))).toEqual([0, 0, 1, third, third, third]);
    expect(gradient((given) => tf.max(given))).toEqual([0.5, 0.5, 0, 0, 0, 0]);
  });
});
