import { describe, expect, it } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import { losses } from "../../src/losses/losses.js";
import { sgd } from "../../src/optimizers/sgd.js";
import { fit } from "../../src/training/fit.js";
import type { FitOptions } from "../../src/training/fit-options.js";
import { clouds } from "./tiny.js";

const { x, y } = clouds(20);
const rows = Array.from(x.toRows());

async function weightsAfter(train: FitOptions["train"], options: Partial<FitOptions> = {}) {
  const model = mlp({ inputs: 2, outputs: 2, hidden: [4], seed: 3 });
  const all = { batchSize: 1000, epochs: 5, optimizer: sgd({ learningRate: 0.5 }), shuffle: false };
  const run = await fit(model, { train, loss: losses.crossEntropy({ reduction: "weightedMean" }), ...all, ...options });
  return { weights: model.getWeights().flatMap((weight) => Array.from(weight.dataSync())), run };
}

function expectClose(actual: number[], expected: number[], digits = 5) {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, digits);
  });
}

describe.each([true, false])("weights of samples (compile: %s)", (compile) => {
  it("a row of the weight 2 trains as the row twice does", async () => {
    const weights = Array.from(y, (_, row) => 1 + (row % 2));
    const twice = rows.flatMap((row, i) => (i % 2 ? [row, row] : [row]));
    const labels = Array.from(y).flatMap((label, i) => (i % 2 ? [label, label] : [label]));
    const weighted = await weightsAfter({ x, y, weights }, { compile });
    expectClose(weighted.weights, (await weightsAfter({ x: twice, y: labels }, { compile })).weights);
  });

  it("a row of the weight 0 teaches nothing", async () => {
    const weights = Array.from(y, (_, row) => (row < 10 ? 1 : 0));
    const half = await weightsAfter({ x: rows.slice(0, 10), y: y.slice(0, 10) }, { compile });
    expectClose((await weightsAfter({ x, y, weights }, { compile })).weights, half.weights);
  });

  it("the weights of classes are those of their rows", async () => {
    const weights = Array.from(y, (label) => (label === 1 ? 3 : 0.5));
    const byRow = await weightsAfter({ x, y, weights }, { compile });
    expectClose((await weightsAfter({ x, y }, { compile, classWeights: { 0: 0.5, 1: 3 } })).weights, byRow.weights, 6);
  });

  it("balanced classes have equal sums of weights", async () => {
    const few = { x: rows.slice(0, 15), y: Array.from(y.slice(0, 15)) }; // 8 of class 0, 7 of class 1
    const byHand = await weightsAfter(few, { compile, classWeights: { 0: 15 / 16, 1: 15 / 14 } });
    expectClose((await weightsAfter(few, { compile, classWeights: "balanced" })).weights, byHand.weights, 6);
  });

  it("a loss of one's own gets them if it keeps its samples apart", async () => {
    const { softmaxCrossEntropy } = await import("./own-losses.js");
    const weights = Array.from(y, (_, row) => 1 + (row % 2));
    const loss = losses.crossEntropy();
    const own = await weightsAfter({ x, y, weights }, { compile, loss: softmaxCrossEntropy });
    expectClose(own.weights, (await weightsAfter({ x, y, weights }, { compile, loss })).weights, 4);
  });
});

describe("weights of samples and classes that do not fit", () => {
  const cases: [string, Partial<FitOptions>, string][] = [
    [
      "of another length",
      { train: { x, y, weights: [1, 2] } },
      "fit: train.weights must have one number for each of the 20 rows, got 2.",
    ],
    [
      "below 0",
      { train: { x, y, weights: Array.from(y, () => -1) } },
      "fit: train.weights must hold numbers from 0, got -1.",
    ],
    [
      "of outputs that there are not",
      { train: { x, y, weights: { label: y } } },
      'fit: train.weights: it has "label", but the model has only "output".',
    ],
    [
      "of a class that is missing",
      { classWeights: { 0: 1 } },
      "fit: classWeights has no weight for the label 1, which is in y. Add it.",
    ],
    ["of a class below 0", { classWeights: { 0: 1, 1: -1 } }, "fit: classWeights[1] must be a number from 0, got -1."],
    [
      "by an unknown rule",
      { classWeights: "even" as never },
      'classWeights: rule must be one of "balanced", "effectiveNumber", got "even".',
    ],
    [
      "for a loss that is one number",
      { train: { x, y, weights: Array.from(y, () => 1) }, loss: (_yTrue, yPred) => yPred.mean() },
      "fit: samples have weights, so loss must return one number for each of the 20 samples of a batch, got shape []. Leave the mean over the samples out.",
    ],
  ];
  it.each(cases)("%s", async (_, options, message) => {
    await expect(weightsAfter({ x, y }, options)).rejects.toThrow(message);
  });
});
