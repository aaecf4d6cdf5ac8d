import { describe, expect, it } from "@jest/globals";
import { type RnnOptions, rnn } from "../../src/architectures/rnn.js";
import { RandomStream } from "../../src/core/random.js";
import { tf } from "../../src/engine/tf.js";
import { fit } from "../../src/training/fit.js";
import { expectSavesAndCompiles, parametersOf, weightsOf } from "./judged-model.js";

const series = { inputShape: [5, 2], outputs: 3, units: [4] } as const;
const words = { vocabulary: 9, length: 6, embedding: 3, outputs: 2, units: [4] };
const sentences = () => tf.tensor2d([1, 2, 3, 4, 5, 6, 0, 8, 0, 8, 7, 7], [2, 6]);

describe("rnn", () => {
  it.each<[NonNullable<RnnOptions["cell"]>, number]>([
    ["lstm", 4 * (4 * (2 + 4) + 4)],
    ["gru", 3 * (4 * (2 + 4) + 4)],
    ["simple", 4 * (2 + 4) + 4],
  ])("%s has its gates' weights and a dense layer", (cell, recurrent) => {
    const dense = 4 * 3 + 3;
    expect(parametersOf(rnn({ ...series, cell }))).toBe(recurrent + dense);
    expect(parametersOf(rnn({ ...series, cell, bidirectional: true }))).toBe(2 * recurrent + dense + 4 * 3);
  });

  it.each<[string, RnnOptions, (number | null)[]]>([
    ["one answer", series, [null, 3]],
    ["an answer for each step", { ...series, returnSequences: true }, [null, 5, 3]],
    ["stacked", { ...series, units: [4, 3] }, [null, 3]],
    ["words of any length", { vocabulary: 9, outputs: 2, returnSequences: true }, [null, null, 2]],
  ])("%s: gives its shape", (_, options, shape) => {
    expect(rnn(options).outputShape).toEqual(shape);
  });

  it.each<Partial<RnnOptions>>([
    {},
    { cell: "gru", returnSequences: true },
    { cell: "simple", units: [3, 2] },
    { bidirectional: true, units: [3, 2], returnSequences: true },
    { bidirectional: true, cell: "gru" },
  ])("%j saves, loads and compiles", async (options) => {
    await expectSavesAndCompiles(() => rnn({ ...series, ...options }));
  });

  it("of words it saves, loads and compiles", async () => {
    await expectSavesAndCompiles(() => rnn(words), sentences());
  });

  it("takes sequences of any length if steps are null", () => {
    const model = rnn({ ...series, inputShape: [null, 2] });
    for (const steps of [3, 8]) {
      expect((model.predict(tf.ones([1, steps, 2])) as tf.Tensor).shape).toEqual([1, 3]);
    }
  });

  it("depth and width say the same net as units", () => {
    const net = (options: Partial<RnnOptions>) => weightsOf(rnn({ inputShape: [5, 2], outputs: 1, ...options }));
    expect(net({ depth: 2, width: 4 })).toEqual(net({ units: [4, 4] }));
    expect(net({})).toEqual(net({ units: [32] }));
  });

  it("the same seed gives the same weights, bit for bit, and another seed others", () => {
    const net = (seed: number) => weightsOf(rnn({ ...series, bidirectional: true, seed }));
    expect(net(7)).toEqual(net(7));
    expect(net(8)).not.toEqual(net(7));
  });

  it.each(["lstm", "gru"] as const)("%s foretells a noisy sine better than its last value does", async (cell) => {
    const [train, test] = [noisySine(300, 1), noisySine(100, 2)];
    const model = rnn({ inputShape: [12, 1], outputs: 1, units: [12], cell });
    await fit(model, { train, loss: "meanSquaredError", epochs: 15, learningRate: 0.01 });
    const errorOf = (guess: tf.Tensor) => tf.mean(tf.squaredDifference(test.y, guess)).dataSync()[0]!;
    const last = tf.reshape(tf.slice(test.x, [0, 11, 0], [-1, 1, 1]), [-1, 1]);
    expect(errorOf(model.predict(test.x) as tf.Tensor)).toBeLessThan(errorOf(last) / 2);
  });

  it("learns from both ends which of two words came first", async () => {
    const random = RandomStream.of(1, "sentences");
    const rows = Array.from({ length: 200 }, () => [1, 2, 3, 4, 5, 6].map(() => random.integer(9)));
    const y = rows.map((row) => (row[0]! > row[5]! ? 1 : 0));
    const model = rnn({ ...words, units: [8], bidirectional: true });
    const options = { loss: "crossEntropy", epochs: 40, learningRate: 0.02 } as const;
    const run = await fit(model, { train: { x: rows, y }, ...options });
    expect(run.history.values("accuracy").at(-1)).toBeGreaterThan(0.95);
  });

  it.each<[Partial<RnnOptions>, string]>([
    [
      { inputShape: [24] as never },
      "rnn: inputShape must be [steps, features], got [24]. Name the features too: [24, 1].",
    ],
    [{ inputShape: [5, -1] }, "rnn: inputShape[1] must be an integer from 1, got -1."],
    [
      { inputShape: undefined as never },
      "rnn: pass inputShape for sequences of numbers, or vocabulary and length for those of words.",
    ],
    [{ vocabulary: 9 }, "rnn: inputShape says what vocabulary says. Pass one of them."],
    [{ units: [] }, "rnn: units must be an array of sizes, like [32, 64], got an array of 0."],
    [{ units: [4], depth: 2 }, "rnn: units says what depth says. Pass one of them."],
    [{ outputs: 0 }, "rnn: outputs must be an integer from 1, got 0. Pass the number of classes."],
    [{ dropout: 1 }, "rnn: dropout must be a number from 0 and below 1, got 1."],
    [{ cell: "lst" as never }, 'rnn: cell must be one of "lstm", "gru", "simple", got "lst".'],
  ])("%j is refused in one sentence", (options, message) => {
    expect(() => rnn({ inputShape: [5, 2], outputs: 1, ...options })).toThrow(message);
  });
});

/** Windows of 12 values of a sine with noise, and the value of the sine's next step. */
function noisySine(n: number, seed: number): { x: tf.Tensor3D; y: tf.Tensor2D } {
  const random = RandomStream.of(seed, "sine");
  const values = Float32Array.from({ length: n + 12 }, (_, t) => Math.sin(t / 2) + 0.1 * random.normal());
  const x = Float32Array.from({ length: n * 12 }, (_, i) => values[Math.floor(i / 12) + (i % 12)]!);
  return { x: tf.tensor3d(x, [n, 12, 1]), y: tf.tensor2d(values.subarray(12), [n, 1]) };
}
