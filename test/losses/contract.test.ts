import { expect, it } from "@jest/globals";
import type { Loss } from "../../src/losses/loss.js";
import { type LossName, losses } from "../../src/losses/losses.js";
import { type LossCase, lossContract } from "../contracts/loss.js";

const rows = Array.from({ length: 6 }, (_, row) => row);
const columns = [0, 1, 2];
const labels: LossCase = { target: (draw) => rows.map(() => draw(3)), targetType: "int32" };
const answers: LossCase = { target: (draw) => rows.map(() => columns.map(() => draw(2))) };
const positive: LossCase = { target: (draw) => rows.map(() => columns.map(() => 1 + draw(3))) };

// A new loss is a line here, and a case with numbers of another library in test/reference/losses.
const cases: Record<LossName, LossCase> = {
  binaryCrossEntropy: answers,
  categoricalHinge: labels,
  contrastive: { target: (draw) => rows.map(() => [draw(2)]), outputShape: [1] },
  cosineSimilarity: positive,
  crossEntropy: labels,
  ctc: { target: (draw) => rows.map(() => [draw(2), draw(2)]), targetType: "int32", outputShape: [6, 3] },
  dice: { ...answers, isWhole: true },
  focal: answers,
  hinge: answers,
  huber: positive,
  klDivergence: { target: () => rows.map(() => [0.2, 0.5, 0.3]) },
  logCosh: positive,
  meanAbsoluteError: positive,
  meanAbsolutePercentageError: positive,
  meanSquaredError: positive,
  meanSquaredLogarithmicError: positive,
  poisson: positive,
  quantile: positive,
  rootMeanSquaredError: { ...positive, isWhole: true },
  squaredHinge: answers,
  triplet: { target: () => [0, 0, 1, 1, 2, 2], targetType: "int32" }, // a row without a partner does not count
  tversky: { ...answers, isWhole: true },
};

for (const [name, testCase] of Object.entries(cases)) {
  lossContract(name, losses[name as LossName] as (options?: object) => Loss, testCase);
}

it("no loss is left out", () => {
  expect(Object.keys(cases)).toEqual(Object.keys(losses).sort());
});
