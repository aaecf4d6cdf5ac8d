import { tf } from "../../engine/tf.js";

/** Wavelengths grow from 2 pi to this times 2 pi. */
const base = 10_000;

/**
 * Turns each pair of features `(2 i, 2 i + 1)` of step `t` by the angle `t / 10000^(2 i / size)`, so that the product of a query
 * and a key depends on how far apart they are, not on where they stand. RoFormer: Su et al., arXiv:2104.09864 (2021).
 *
 * @param x - Shape `(..., steps, size)` with an even size.
 */
export function rotary(x: tf.Tensor): tf.Tensor {
  const [steps, size] = x.shape.slice(-2) as [number, number];
  const table = (f: (angle: number) => number) =>
    tf.tensor(
      Float32Array.from({ length: steps * size }, (_, i) => {
        const pair = (i % size) >> 1;
        return f(Math.floor(i / size) / base ** ((2 * pair) / size));
      }),
      [steps, size],
    );
  // A product with one matrix of ones and minus ones: it swaps the two of each pair, which slices would do in more passes.
  const swap = tf.tensor(
    Float32Array.from({ length: size * size }, (_, i) => {
      const [from, to] = [Math.floor(i / size), i % size];
      return (from ^ 1) !== to ? 0 : from % 2 === 0 ? 1 : -1;
    }),
    [size, size],
  );
  const swapped = tf.reshape(tf.matMul(tf.reshape(x, [-1, size]), swap), x.shape);
  return tf.add(tf.mul(x, table(Math.cos)), tf.mul(swapped, table(Math.sin)));
}
