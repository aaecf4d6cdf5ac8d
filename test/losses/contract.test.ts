import { expect, it } from "@jest/globals";
import { type LossName, losses } from "../../src/losses/losses.js";
import { type LossCase, lossContract, lossOptionsContract, type WholeLoss } from "../contracts/loss.js";

const rows = Array.from({ length: 6 }, (_, row) => row);
const columns = [0, 1, 2];
const labels: LossCase = { target: (draw) => rows.map(() => draw(3)), targetType: "int32" };
const shares: LossCase = { target: () => rows.map(() => [0.2, 0.5, 0.3]) };
const answers: LossCase = { target: (draw) => rows.map(() => columns.map(() => draw(2))) };
const positive: LossCase = { target: (draw) => rows.map(() => columns.map(() => 1 + draw(3))) };
const one: LossCase = { target: (draw) => rows.map(() => [draw(3)]) };
const groups: LossCase = { target: () => [0, 0, 1, 1, 2, 2], targetType: "int32" };
/** The second last row is alone in its group, and the last one. */
const loners: LossCase = {
  target: () => [0, 0, 0, 0, 1, 2],
  targetType: "int32",
  counts: (target) => target.map((group) => group === 0),
};
const sequences: LossCase = {
  target: (draw) => rows.map(() => [draw(2), draw(2)]),
  targetType: "int32",
  outputShape: [6, 3],
};
/** `mistakes / (hits + mistakes)` of the whole batch, each sample as often as its weight says. */
const overlapOfBatch =
  (alpha: number, beta: number): WholeLoss =>
  ({ weights, targets, outputs }) => {
    const count = (of: (y: number, p: number) => number) =>
      outputs.reduce((all, z, i) => all + weights[Math.floor(i / 3)]! * of(targets[i]!, 1 / (1 + Math.exp(-z))), 0);
    const mistakes = alpha * count((y, p) => (1 - y) * p) + beta * count((y, p) => y * (1 - p));
    return mistakes / (count((y, p) => y * p) + mistakes);
  };
/** The root of what the squares of each sample's root come to. */
const rootOfSquares: WholeLoss = ({ each, weights }, reduction) => {
  const squares = each.reduce((all, value, i) => all + value ** 2 * weights[i]!, 0);
  if (reduction === "sum") return Math.sqrt(squares);
  const n = reduction === "mean" ? each.length : weights.reduce((a, b) => a + b);
  return Math.sqrt(squares / n);
};
const outputWeights = [1, 0, 2];

// A new loss is a line for each of its variants, a line of wrong options, and a case with numbers of another library in
// test/reference/losses.
const cases: [LossName, object, LossCase][] = [
  ["binaryCrossEntropy", {}, answers],
  ["binaryCrossEntropy", { labelSmoothing: 0.2 }, answers],
  ["binaryCrossEntropy", { outputWeights }, answers],
  ["categoricalHinge", {}, labels],
  ["contrastive", {}, groups],
  ["contrastive", { distance: "squared", margin: 2 }, groups],
  ["contrastive", { distance: "cosine" }, groups],
  ["cosineSimilarity", {}, positive],
  ["crossEntropy", {}, labels],
  ["crossEntropy", {}, shares],
  ["crossEntropy", { labelSmoothing: 0.2 }, labels],
  ["crossEntropy", { labelSmoothing: 0.2 }, shares],
  ["crossEntropy", { ignoreLabel: 2 }, { ...labels, counts: (target) => target.map((label) => label !== 2) }],
  ["crossEntropy", { ignoreLabel: 2 }, shares],
  [
    "crossEntropy",
    { ignoreLabel: -1 },
    {
      target: (draw) => rows.map((row) => [draw(3), row % 2 ? -1 : draw(3)]),
      targetType: "int32",
      outputShape: [2, 3],
      counts: (target) => target.map((label) => label >= 0),
    },
  ],
  ["ctc", {}, { ...sequences, target: (draw) => rows.map(() => [1 + draw(2), 1 + draw(2)]) }],
  ["ctc", { blank: "last" }, sequences],
  ["dice", {}, answers],
  ["dice", { perClass: true, smooth: 1 }, answers],
  ["dice", { outputs: "classes" }, labels],
  ["dice", { over: "batch" }, { ...answers, whole: overlapOfBatch(0.5, 0.5) }],
  ["focal", {}, answers],
  ["focal", { classBalancing: true, gamma: 1.5, labelSmoothing: 0.1 }, answers],
  ["focal", { gamma: 0 }, answers],
  ["focal", { outputs: "classes" }, labels],
  ["focal", { outputs: "classes", alpha: [0.2, 0.3, 0.5], labelSmoothing: 0.1 }, labels],
  ["hinge", {}, answers],
  ["hinge", { outputWeights }, answers],
  ["huber", {}, positive],
  ["huber", { delta: 2, outputWeights }, positive],
  // The median of 18 sizes is the mean of two of them.
  ["huber", { delta: "residuals" }, { ...positive, constants: 2 }],
  ["klDivergence", {}, shares],
  ["logCosh", {}, positive],
  ["logCosh", { outputWeights }, positive],
  ["meanAbsoluteError", {}, positive],
  ["meanAbsoluteError", { outputWeights }, positive],
  ["meanAbsolutePercentageError", {}, positive],
  ["meanAbsolutePercentageError", { outputWeights }, positive],
  ["meanSquaredError", {}, positive],
  ["meanSquaredError", { outputWeights }, positive],
  ["meanSquaredLogarithmicError", {}, positive],
  ["meanSquaredLogarithmicError", { outputWeights }, positive],
  ["poisson", {}, positive],
  ["poisson", { outputWeights }, positive],
  ["poisson", { yPred: "rates" }, { ...positive, outputRange: [0.5, 4], extremes: [40, 1e-7] }],
  ["quantile", {}, positive],
  ["quantile", { q: 0.9, outputWeights }, positive],
  ["quantile", { q: [0.05, 0.5, 0.95] }, one],
  ["quantile", { q: [0.05, 0.5, 0.95], outputWeights }, one],
  ["rootMeanSquaredError", {}, { ...positive, whole: rootOfSquares }],
  ["rootMeanSquaredError", { outputWeights }, { ...positive, whole: rootOfSquares }],
  ["squaredHinge", {}, answers],
  ["squaredHinge", { outputWeights }, answers],
  ["triplet", {}, groups],
  ["triplet", {}, loners],
  ["triplet", { margin: "soft" }, groups],
  ["triplet", { mining: "hard" }, groups],
  ["triplet", { mining: "hard", margin: "soft", distance: "cosine" }, groups],
  ["triplet", { distance: "squared" }, groups],
  ["tversky", {}, answers],
  ["tversky", { alpha: 0.3, beta: 0.7, perClass: true }, answers],
  ["tversky", { outputs: "classes" }, labels],
  ["tversky", { over: "batch", beta: 2 }, { ...answers, whole: overlapOfBatch(0.5, 2) }],
];

const reduction = "average";
const none = [0, 0, 0];
const overlap = { outputs: "pixels", over: "image", perClass: "yes", smooth: 0 };
const wrong: Record<LossName, Record<string, unknown>> = {
  binaryCrossEntropy: { reduction, labelSmoothing: 1, outputWeights: none },
  categoricalHinge: { reduction },
  contrastive: { reduction, margin: 0, distance: "manhattan" },
  cosineSimilarity: { reduction },
  crossEntropy: { reduction, labelSmoothing: -0.1, ignoreLabel: 0.5 },
  ctc: { reduction, blank: 0 },
  dice: { reduction, ...overlap },
  focal: { reduction, outputs: "pixels", gamma: -1, alpha: 0, classBalancing: 1, labelSmoothing: 1 },
  hinge: { reduction, outputWeights: [1, -1] },
  huber: { reduction, delta: 0, outputWeights: 2 },
  klDivergence: { reduction },
  logCosh: { reduction, outputWeights: none },
  meanAbsoluteError: { reduction, outputWeights: none },
  meanAbsolutePercentageError: { reduction, outputWeights: none },
  meanSquaredError: { reduction, outputWeights: [] },
  meanSquaredLogarithmicError: { reduction, outputWeights: [Number.NaN] },
  poisson: { reduction, yPred: "counts", outputWeights: none },
  quantile: { reduction, q: 1, outputWeights: none },
  rootMeanSquaredError: { reduction, outputWeights: none },
  squaredHinge: { reduction, outputWeights: none },
  triplet: { reduction, margin: 0, mining: "easy", distance: "manhattan" },
  tversky: { reduction, ...overlap, alpha: -1, beta: -1 },
};

for (const [name, options, testCase] of cases) lossContract(name, options, testCase);
for (const [name, options] of Object.entries(wrong)) lossOptionsContract(name as LossName, options);

it("no loss is left out", () => {
  const defaults = cases.filter(([, options]) => Object.keys(options).length === 0).map(([name]) => name);
  expect([...new Set(defaults)].sort()).toEqual(Object.keys(losses).sort());
});
