import { describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../src/core/random.js";
import type { tf } from "../../src/engine/tf.js";
import { build } from "../../src/layers/build.js";
import { layers } from "../../src/layers/layers.js";
import { evaluate } from "../../src/training/evaluate.js";
import { fit } from "../../src/training/fit.js";
import type { FitOptions } from "../../src/training/fit-options.js";
import { predict, predictClasses } from "../../src/training/predict.js";

const random = RandomStream.of(1, "data");
const nRows = 60;
const left = Array.from({ length: nRows }, () => [random.normal(), random.normal()]);
const right = Array.from({ length: nRows }, () => [random.normal()]);
const x = { left, right };
const y = {
  side: left.map(([a], i) => (a! + right[i]![0]! > 0 ? 1 : 0)),
  // Noisier and larger than the class is.
  amount: left.map(([, b], i) => 10 * b! + right[i]![0]! + 3 * random.normal()),
};

function twoInTwoOut() {
  return build({ left: [2], right: [1] }, ({ left, right }) => {
    const hidden = layers.concatenate().apply([left, right]) as tf.SymbolicTensor;
    const z = hidden.pipe(layers.dense({ units: 8, activation: "tanh" }));
    return { side: z.pipe(layers.dense({ units: 2 })), amount: z.pipe(layers.dense({ units: 1 })) };
  });
}
const loss = { side: "crossEntropy", amount: "meanSquaredError" } as const;
const basics = { train: { x, y }, loss, epochs: 20, batchSize: 16, learningRate: 0.02 };
const train = (options: Partial<FitOptions> = {}) => fit(twoInTwoOut(), { ...basics, ...options } as FitOptions);

describe.each([true, false])("a model of two inputs and two outputs (compile: %s)", (compile) => {
  it("trains on the sum of its losses, and reports each with its metrics", async () => {
    const run = await train({ compile, validation: { x, y } });
    expect(run.notCompiled === null).toBe(compile);
    const { metrics } = run.history.rows.at(-1)!;
    expect(metrics.loss).toBeCloseTo(metrics.side_loss! + metrics.amount_loss!, 3);
    expect(Object.keys(metrics)).toEqual(
      ["", "val_"].flatMap((part) => ["loss", "side_loss", "amount_loss", "side_accuracy"].map((name) => part + name)),
    );
    expect(metrics.side_accuracy).toBeGreaterThan(0.8);
    expect(run.history.values("amount_loss").at(-1)).toBeLessThan(run.history.values("amount_loss")[0]! / 2);
  });

  it("weighs them by hand: what weighs 0 does not train", async () => {
    const run = await train({ compile, lossWeights: { side: 2, amount: 0 } });
    const { metrics } = run.history.rows.at(-1)!;
    expect(metrics.loss).toBeCloseTo(2 * metrics.side_loss!, 3);
    expect(run.lossWeights).toEqual({ side: 2, amount: 0 });
    const head = (model: tf.LayersModel) => Array.from(model.getLayer("amount").getWeights()[0]!.dataSync());
    expect(head(run.model)).toEqual(head(twoInTwoOut()));
  });

  it("learns to weigh them: the noisy output counts less", async () => {
    const run = await train({ compile, lossWeights: "uncertainty", epochs: 150 });
    const { side, amount } = run.lossWeights as { side: number; amount: number };
    expect(amount).toBeLessThan(side / 5);
    // At the optimum 1 / (2 sigma^2) of a squared error is half of its inverse (Kendall et al., equation 5).
    expect(amount * run.history.values("amount_loss").at(-1)!).toBeGreaterThan(0.1);
    expect(amount * run.history.values("amount_loss").at(-1)!).toBeLessThan(1);
  });

  it("evaluates with the losses and weights that it was trained with", async () => {
    const run = await train({ compile, lossWeights: { side: 1, amount: 0.1 }, validation: { x, y } });
    const { metrics } = run.history.rows.at(-1)!;
    const measured = await evaluate(run.model, { x, y });
    for (const [name, value] of Object.entries(measured)) expect(value).toBeCloseTo(metrics[`val_${name}`]!, 4);
  });
});

describe("predict", () => {
  it("gives the output that is asked for", async () => {
    const { model } = await train();
    const shares = await predict(model, x, { output: "side" });
    expect([shares.nRows, shares.nColumns]).toEqual([nRows, 2]);
    expect(shares.data[0]! + shares.data[1]!).toBeCloseTo(1, 6);
    expect((await predict(model, x, { output: "amount" })).nColumns).toBe(1);
    const classes = await predictClasses(model, x, { output: "side" });
    expect(classes.filter((label, row) => label === y.side[row]).length).toBeGreaterThan(0.8 * nRows);
  });
});

describe("what does not fit the inputs and outputs", () => {
  const cases: [string, Partial<FitOptions>, string][] = [
    [
      "bare rows",
      { train: { x: left, y } },
      'fit: train.x must be an object with rows for each of the model\'s inputs "left", "right".',
    ],
    [
      "an input too few",
      { train: { x: { left }, y } },
      'fit: train.x has no rows for "right", which the model has among its inputs.',
    ],
    [
      "an output that there is not",
      { train: { x, y: { ...y, age: y.side } } },
      'fit: train.y: it has "age", but the model has only "side", "amount".',
    ],
    [
      "rows of other number",
      { train: { x: { left, right: right.slice(1) }, y } },
      'fit: train.x must have as many rows in each input, got 60 in "left" and 59 in "right".',
    ],
    [
      "one loss for both",
      { loss: "meanSquaredError" },
      'fit: the model has the outputs "side", "amount", so loss must be an object with one for each, like { side: "crossEntropy" }.',
    ],
    ["a loss too few", { loss: { side: "crossEntropy" } }, 'fit: loss has none for the output "amount". Add it.'],
    ["a weight below 0", { lossWeights: { side: -1 } }, "fit: lossWeights.side must be a number from 0, got -1."],
    [
      "a weight of nothing",
      { lossWeights: { age: 1 } },
      'fit: lossWeights has "age", but the model has only "side", "amount".',
    ],
  ];
  it.each(cases)("%s", async (_, options, message) => {
    await expect(train(options)).rejects.toThrow(message);
  });

  it("predict without a choice", async () => {
    const { model } = await train({ epochs: 1 });
    await expect(predict(model, x)).rejects.toThrow(
      'predict: the model has the outputs "side", "amount". Choose one, like { output: "side" }.',
    );
  });
});
