import { afterEach, describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../../src/core/random.js";
import { tf } from "../../../src/engine/tf.js";

/** The gradients of `loss` by each of its inputs, on one backend. */
async function gradientsOn(backend: string, shapes: number[][], loss: (...inputs: tf.Tensor[]) => tf.Scalar) {
  await tf.setBackend(backend);
  return tf.tidy(() => {
    const random = RandomStream.of(3, "data");
    const inputs = shapes.map((shape) =>
      tf.tensor(
        Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()),
        shape,
      ),
    );
    return tf
      .grads(loss)(inputs)
      .map((gradient) => Array.from(gradient.dataSync()));
  });
}

async function expectParity(shapes: number[][], loss: (...inputs: tf.Tensor[]) => tf.Scalar) {
  const expected = await gradientsOn("cpu", shapes, loss);
  const got = await gradientsOn("wasm", shapes, loss);
  for (const [i, gradient] of got.entries()) {
    const difference = gradient.map((value, j) => Math.abs(value - expected[i]![j]!));
    const scale = Math.max(...expected[i]!.map(Math.abs));
    expect(Math.max(...difference) / scale).toBeLessThan(2e-6);
  }
}

describe("the kernels that the wasm backend lacks", () => {
  afterEach(async () => {
    await tf.setBackend("wasm");
  });

  it.each<[number | [number, number], "same" | "valid" | number, [number, number]]>([
    [1, "same", [3, 3]],
    [1, "valid", [3, 3]],
    [2, "same", [3, 3]],
    [2, "valid", [3, 3]],
    [[2, 1], "same", [5, 2]],
    [[1, 3], "valid", [1, 4]],
    [1, 1, [3, 3]],
    [3, "valid", [2, 2]],
  ])("a convolution with stride %j and padding %j has the gradients of the cpu backend", async (strides, pad, size) => {
    await expectParity(
      [
        [2, 9, 8, 3],
        [...size, 3, 4],
      ],
      (x, filter) =>
        tf
          .conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad)
          .square()
          .sum(),
    );
  });

  it("gathered rows have the gradient of the cpu backend, repeated and missing ones too", async () => {
    const ids = [
      [1, 2, 2],
      [4, 1, 1],
    ];
    await expectParity([[6, 5]], (table) =>
      tf
        .gather(table, tf.tensor2d(ids, [2, 3], "int32"))
        .square()
        .sum(),
    );
  });

  it("rows with an id outside the segments are dropped", () => {
    const sums = tf.unsortedSegmentSum(tf.tensor2d([[1], [2], [4]]), tf.tensor1d([-1, 0, 7], "int32"), 2);
    expect(Array.from(sums.dataSync())).toEqual([2, 0]);
  });

  it("neither of them leaks", () => {
    const x = tf.ones([1, 4, 4, 2]) as tf.Tensor4D;
    const filter = tf.ones([3, 3, 2, 2]) as tf.Tensor4D;
    const table = tf.ones([3, 2]);
    const step = () =>
      tf.tidy(() => {
        tf.grad((w) => tf.conv2d(x, w as tf.Tensor4D, 1, "same").sum())(filter);
        tf.grad((rows) => tf.gather(rows, [0, 0, 2]).sum())(table);
      });
    step();
    const before = { ...tf.memory() };
    for (let i = 0; i < 5; i++) step();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});
