import { afterEach, describe, expect, it } from "@jest/globals";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { DataError } from "../../../src/core/errors.js";
import { RandomStream } from "../../../src/core/random.js";
import { tf } from "../../../src/engine/tf.js";
import { floats, forgetPacked } from "../../../src/engine/wasm/kernel.js";

afterEach(async () => {
  await tf.setBackend("wasm");
});

function drawn(shape: number[], seed: number): tf.Tensor {
  const random = RandomStream.of(seed, "data");
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()),
    shape,
  );
}

/** The values that `compute` gives on a backend. */
async function on(backend: string, compute: () => tf.Tensor): Promise<number[]> {
  await tf.setBackend(backend);
  return tf.tidy(() => Array.from(compute().dataSync()));
}

async function expectEqualOnBoth(compute: () => tf.Tensor, tolerance = 1e-5): Promise<void> {
  const expected = await on("cpu", compute);
  const got = await on("wasm", compute);
  const scale = Math.max(1, ...expected.map(Math.abs));
  expect(got.length).toBe(expected.length);
  expect(Math.max(...got.map((value, i) => Math.abs(value - expected[i]!))) / scale).toBeLessThan(tolerance);
}

describe("matrix products on wasm", () => {
  const orders = [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const;

  it.each(orders)(
    "with the operands transposed %j, %j, every size and batch is that of the cpu backend",
    async (ofA, ofB) => {
      for (const [m, k, n] of [
        [3, 4, 5],
        [1, 300, 7],
        [49, 100, 97],
      ] as const) {
        const matrixOfA = ofA ? [k, m] : [m, k];
        const matrixOfB = ofB ? [n, k] : [k, n];
        for (const [outerOfA, outerOfB] of [
          [[], []],
          [[3], [3]],
          [[3], []],
          [[], [3]],
          [
            [2, 3],
            [2, 3],
          ],
          [
            [2, 1],
            [1, 3],
          ],
          [[3], [2, 3]],
        ] as const) {
          await expectEqualOnBoth(() =>
            tf.matMul(drawn([...outerOfA, ...matrixOfA], 1), drawn([...outerOfB, ...matrixOfB], 2), ofA, ofB),
          );
        }
      }
    },
  );

  it("the bias of a transposed, fused product is added once", () => {
    const [a, b] = [tf.ones([100, 2]), tf.ones([100, 3])] as [tf.Tensor2D, tf.Tensor2D];
    const product = tf.fused.matMul({ a, b, transposeA: true, bias: tf.ones([3]) });
    expect(Array.from(product.dataSync())).toEqual(new Array(6).fill(101));
  });

  it.each(["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu", "prelu"] as const)(
    "a batched, fused product with the activation %s is that of the cpu backend",
    async (activation) => {
      await expectEqualOnBoth(() =>
        tf.fused.matMul({
          a: drawn([2, 5, 100], 1),
          b: drawn([2, 100, 6], 2),
          bias: drawn([6], 3),
          activation,
          ...(activation === "prelu" && { preluActivationWeights: drawn([6], 4) }),
        }),
      );
    },
  );

  it("integers are multiplied exactly", () => {
    const a = tf.tensor2d(
      [
        [1, 2],
        [30_000, 4],
      ],
      undefined,
      "int32",
    );
    const product = tf.matMul(
      a,
      tf.tensor2d(
        [
          [5, 6],
          [7, 70_000],
        ],
        undefined,
        "int32",
      ),
    );
    expect(product.dtype).toBe("int32");
    expect(Array.from(product.dataSync())).toEqual([19, 140_006, 150_028, 460_000]);
  });
});

describe("kernels of wasm that the stock backend has wrong", () => {
  it("a value other than 0 is true, however small or large", () => {
    expect(Array.from(tf.tensor1d([0, 0.5, 256, -1]).cast("bool").dataSync())).toEqual([0, 1, 1, 1]);
  });

  it("a max pool of negative values gives its gradient to the largest", () => {
    const x = tf.tensor4d([-3, -1, -2, -5], [1, 2, 2, 1]);
    const gradient = tf.grad((input) => tf.maxPool(input as tf.Tensor4D, 2, 2, "valid").sum())(x);
    expect(Array.from(gradient.dataSync())).toEqual([0, 1, 0, 0]);
  });

  it("of equal values in a max pool, the first one gets the gradient", () => {
    const gradient = tf.grad((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid").sum())(tf.ones([1, 2, 2, 1]));
    expect(Array.from(gradient.dataSync())).toEqual([1, 0, 0, 0]);
  });

  it("a max pool of a volume without a positive value has a maximum", () => {
    const pooled = tf.maxPool3d(tf.fill([1, 2, 2, 2, 1], -4) as tf.Tensor5D, 2, 1, "valid");
    expect(Array.from(pooled.dataSync())).toEqual([-4]);
  });

  it("gathering batches reads each from its own rows", () => {
    const x = tf.tensor3d([0, 1, 2, 3, 4, 5, 6, 7], [2, 4, 1]);
    const rows = tf.gather(
      x,
      tf.tensor2d(
        [
          [3, 0],
          [1, 1],
        ],
        undefined,
        "int32",
      ),
      1,
      1,
    );
    expect(Array.from(rows.dataSync())).toEqual([3, 0, 5, 5]);
  });

  it("an index outside the dimension is named", () => {
    const gather = () => tf.gather(tf.ones([4, 2]), tf.tensor1d([1, 4], "int32"));
    expect(gather).toThrow(DataError);
    expect(gather).toThrow(
      "tf.gather: indices must be from 0 to 3 (dimension 0 of x [4,2]), got 4. Correct the indices or enlarge x.",
    );
  });

  it.each(["int32", "bool"] as const)("a strided slice of %s keeps its type and values", (dtype) => {
    const slice = tf.stridedSlice(tf.tensor1d([1, 0, 1, 1, 0, 1], dtype), [0], [6], [2]);
    expect(slice.dtype).toBe(dtype);
    expect(Array.from(slice.dataSync())).toEqual([1, 1, 0]);
  });

  it("a batch norm along another dimension uses the statistics of that dimension", () => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const [mean, variance] = [tf.tensor4d([1, 3], [1, 2, 1, 1]), tf.tensor4d([1, 4], [1, 2, 1, 1])];
    expect(Array.from(tf.batchNorm(x, mean, variance, undefined, undefined, 0).dataSync())).toEqual([0, 1, 0, 0.5]);
  });
});

describe("kernels of wasm that run on the heap", () => {
  it.each<[string, () => tf.Tensor]>([
    ["tile in the middle", () => tf.tile(drawn([2, 3, 4], 1), [1, 5, 1])],
    ["tile everywhere", () => tf.tile(drawn([2, 3, 4], 1), [2, 3, 2])],
    ["tile by zero", () => tf.tile(drawn([2, 3], 1), [0, 2])],
    ["broadcast of a row", () => tf.broadcastTo(drawn([1, 5], 1), [7, 5])],
    ["sum of leading dimensions, 11 columns", () => tf.sum(drawn([6, 7, 11], 1), [0, 1])],
    ["sum of all", () => tf.sum(drawn([6, 7], 1))],
    ["sum of the last", () => tf.sum(drawn([6, 7], 1), -1, true)],
    ["mean of leading dimensions, kept", () => tf.mean(drawn([6, 7, 8], 1), [0, 1], true)],
    ["mean of integers", () => tf.mean(tf.range(0, 12, 1, "int32").reshape([3, 4]), 0)],
    [
      "batch norm",
      () =>
        tf.batchNorm4d(
          drawn([2, 3, 3, 6], 1) as tf.Tensor4D,
          drawn([6], 2) as tf.Tensor1D,
          drawn([6], 3).square().add(0.1) as tf.Tensor1D,
          drawn([6], 4) as tf.Tensor1D,
          drawn([6], 5) as tf.Tensor1D,
        ),
    ],
    [
      "conv3d, dilated",
      () =>
        tf.conv3d(
          drawn([1, 5, 5, 5, 2], 1) as tf.Tensor5D,
          drawn([2, 2, 2, 2, 3], 2) as tf.Tensor5D,
          1,
          "same",
          "NDHWC",
          2,
        ),
    ],
    [
      "dilation2d",
      () => tf.dilation2d(drawn([2, 6, 5, 3], 1) as tf.Tensor4D, drawn([3, 2, 3], 2) as tf.Tensor3D, 2, "same", 1),
    ],
    ["einsum with a swap", () => tf.einsum("abc,cd->dba", drawn([2, 3, 4], 1), drawn([4, 5], 2))],
    ["einsum, outer product", () => tf.einsum("i,j->ji", drawn([3], 1), drawn([4], 2))],
    ["einsum, all summed", () => tf.einsum("ij,ij->", drawn([3, 4], 1), drawn([3, 4], 2))],
  ])("%s is that of the cpu backend", async (_, compute) => {
    await expectEqualOnBoth(compute);
  });

  it("a clone shares its values, and lives on when the original goes", () => {
    const x = tf.tensor1d([1, 2, 3]);
    const { numDataBuffers } = tf.memory();
    const clone = x.clone();
    expect(tf.memory().numDataBuffers).toBe(numDataBuffers);
    x.dispose();
    expect(Array.from(clone.dataSync())).toEqual([1, 2, 3]);
  });
});

describe("weights that are written in place", () => {
  it.each<[string, number[], (w: tf.Tensor) => tf.Tensor]>([
    ["a matrix product", [8, 8], (w) => tf.matMul(tf.ones([4, 8]), w)],
    [
      "a convolution",
      [3, 3, 2, 2],
      (w) => tf.conv2d(tf.ones([1, 4, 4, 2]) as tf.Tensor4D, w as tf.Tensor4D, 1, "same"),
    ],
    [
      "a depthwise convolution",
      [3, 3, 2, 1],
      (w) => tf.depthwiseConv2d(tf.ones([1, 4, 4, 2]) as tf.Tensor4D, w as tf.Tensor4D, 1, "same"),
    ],
  ])("%s takes the new ones once the packed copy is forgotten", (_, shape, compute) => {
    const backend = tf.backend() as BackendWasm;
    const weights = tf.ones(shape);
    const before = compute(weights).dataSync()[0]!;
    floats(backend, weights).fill(3);
    forgetPacked(backend, weights);
    expect(compute(weights).dataSync()[0]).toBe(3 * before);
  });
});

describe("kernels of cpu that the stock backend has wrong", () => {
  it("an update of a tensor leaves the tensor as it was", async () => {
    await tf.setBackend("cpu");
    const x = tf.zeros([3]);
    const updated = tf.tensorScatterUpdate(x, tf.tensor2d([[1]], undefined, "int32"), tf.tensor1d([5]));
    expect(Array.from(updated.dataSync())).toEqual([0, 5, 0]);
    expect(Array.from(x.dataSync())).toEqual([0, 0, 0]);
  });
});
