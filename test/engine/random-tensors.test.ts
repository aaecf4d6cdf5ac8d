import { describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../src/core/random.js";
import { drawFrom } from "../../src/engine/random-tensors.js";
import { tf } from "../../src/engine/tf.js";

const layers: [string, () => tf.layers.Layer][] = [
  ["dropout", () => tf.layers.dropout({ rate: 0.4 })],
  ["dropout with a seed of its own", () => tf.layers.dropout({ rate: 0.4, seed: 3 })],
  ["gaussianNoise", () => tf.layers.gaussianNoise({ stddev: 0.5 })],
  ["gaussianDropout", () => tf.layers.gaussianDropout({ rate: 0.3 })],
  ["alphaDropout", () => tf.layers.alphaDropout({ rate: 0.3 })],
];

describe.each(layers)("%s while a run trains", (_, layer) => {
  const twice = (seed: number) => {
    const random = RandomStream.of(seed, "dropout");
    const one = layer();
    const next = () => one.apply(tf.ones([1, 2000]), { training: true }) as tf.Tensor;
    return [1, 2].map(() => Array.from(drawFrom(random, () => tf.tidy(() => next().dataSync()))));
  };

  it("draws other numbers at each step, and the same ones for one seed", () => {
    const [first, second] = twice(1);
    expect(first).not.toEqual(second);
    expect(twice(1)).toEqual([first, second]);
    expect(twice(2)).not.toEqual([first, second]);
  });
});

it("dropout keeps the mean: what stays is scaled up", () => {
  const draw = () => tf.tidy(() => tf.mean(tf.dropout(tf.ones([5000]), 0.4)).dataSync()[0]!);
  expect(Math.abs(drawFrom(RandomStream.of(1, "dropout"), draw) - 1)).toBeLessThan(0.05);
});

describe("outside a run", () => {
  it("random tensors go by their own seed, as in TensorFlow.js", () => {
    const draw = () => Array.from(tf.randomUniform([4], 0, 1, "float32", 7).dataSync());
    expect(draw()).toEqual(draw());
  });
});
