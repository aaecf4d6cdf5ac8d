import { describe, expect, it } from "@jest/globals";
import { transformer } from "../../src/architectures/transformer.js";
import { losses } from "../../src/losses/losses.js";
import { evaluate } from "../../src/training/evaluate.js";
import { fit } from "../../src/training/fit.js";
import { predictClasses } from "../../src/training/predict.js";

// Each token is followed by the next one, 4 by 0.
const x = Array.from({ length: 20 }, (_, row) => Array.from({ length: 6 }, (_, i) => (row + i) % 5));
const y = x.map((tokens) => tokens.map((token) => (token + 1) % 5));
const model = () => transformer({ vocabulary: 5, length: 6, size: 16, layers: 1, heads: 2 });
const basics = { epochs: 30, learningRate: 0.01, batchSize: 10 };

describe.each([true, false])("fit on sequences of labels (compile: %s)", (compile) => {
  it("learns a label for each step", async () => {
    const run = await fit(model(), { train: { x, y }, loss: "crossEntropy", compile, ...basics });
    expect(run.notCompiled === null).toBe(compile);
    expect(run.history.values("accuracy").at(-1)).toBe(1);
    expect(Array.from(await predictClasses(run.model, x))).toEqual(y.flat());
  });

  it("what is padded counts for nothing, neither in the loss nor in the accuracy", async () => {
    const padded = y.map((labels) => labels.map((label, i) => (i < 3 ? label : -1)));
    const loss = losses.crossEntropy({ ignoreLabel: -1 });
    const run = await fit(model(), { train: { x, y: padded }, loss, compile, ...basics });
    expect(run.history.values("accuracy").at(-1)).toBe(1);
    const all = await evaluate(run.model, { x, y: padded });
    const weights = y.map((labels) => labels.map((_, i) => (i < 3 ? 1 : 0)));
    const weighted = { loss: losses.crossEntropy({ reduction: "weightedMean" }) };
    expect((await evaluate(run.model, { x, y, weights }, weighted)).loss).toBeCloseTo(all.loss, 5);
  });
});

it("labels of another length are refused in one sentence", async () => {
  const short = y.map((labels) => labels.slice(1));
  await expect(fit(model(), { train: { x, y: short }, loss: "crossEntropy", epochs: 1 })).rejects.toThrow(
    "fit: train.y must be one class label for each of the 6 places of a row, got rows of 5.",
  );
});
