import { afterEach, describe, expect, it } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";

afterEach(async () => {
  await tf.setBackend("wasm");
});

describe("complex tensors on wasm", () => {
  it("the transform of an impulse is flat, and that of a cosine is two lines", () => {
    const spectrum = tf.tidy(() =>
      tf
        .rfft(
          tf.tensor2d([
            [1, 0, 0, 0],
            [1, 0, -1, 0],
          ]),
        )
        .dataSync(),
    );
    expect(Array.from(spectrum)).toEqual([1, 0, 1, 0, 1, 0, 0, 0, 2, 0, 0, 0].map((value) => expect.closeTo(value, 6)));
  });

  it.each([1, 5, 8, 12, 64])(
    "a signal of %i values comes back from its transform, which is that of the cpu backend",
    async (n) => {
      const signal = Array.from({ length: 2 * n }, (_, i) => Math.sin(1.3 * i * i));
      const compute = () => {
        const x = tf.tensor2d(signal, [2, n]);
        const spectrum = tf.fft(tf.complex(x, x.mul(0.5)));
        const back = tf.real(tf.ifft(spectrum as tf.Tensor2D));
        return [spectrum, back, tf.abs(spectrum)].map((tensor) => Array.from(tensor.dataSync()));
      };
      await tf.setBackend("cpu");
      const expected = tf.tidy(() => tf.stack([tf.tensor1d(compute().flat())]).dataSync());
      await tf.setBackend("wasm");
      const got = compute();
      expect(got.flat()).toEqual(Array.from(expected, (value) => expect.closeTo(value, 3)));
      expect(got[1]).toEqual(signal.map((value) => expect.closeTo(value, 5)));
    },
  );

  it("a complex tensor is freed with both its parts", () => {
    const before = tf.memory().numDataBuffers;
    const kept = tf.tidy(() =>
      tf
        .complex(tf.tensor1d([1, 2]), tf.tensor1d([3, 4]))
        .reshape([2, 1])
        .clone(),
    );
    expect(Array.from(kept.dataSync())).toEqual([1, 3, 2, 4]);
    kept.dispose();
    expect(tf.memory().numDataBuffers).toBe(before);
  });

  it("casts to and from real tensors", () => {
    const complex = tf.tensor1d([1, 2]).cast("complex64");
    expect(Array.from(complex.dataSync())).toEqual([1, 0, 2, 0]);
    expect(Array.from(complex.cast("int32").dataSync())).toEqual([1, 2]);
  });

  it("an operation without a complex version says so", () => {
    const x = tf.complex(tf.tensor1d([1, 2]), tf.tensor1d([3, 4]));
    expect(() => x.add(x)).toThrow(
      "tf: this operation takes no complex tensor on the wasm backend. Take tf.real and tf.imag of it first.",
    );
  });
});
