import { describe, expect, it } from "@jest/globals";
import { DataError, OptionError, ShapeError } from "../../src/core/errors.js";
import { Matrix } from "../../src/core/matrix.js";
import { Frame } from "../../src/data/frame.js";
import { accuracy, topKAccuracy } from "../../src/metrics/accuracy.js";
import { cohenKappa } from "../../src/metrics/agreement.js";
import { confusionMatrix } from "../../src/metrics/confusion-matrix.js";
import { r2 } from "../../src/metrics/explained.js";
import { metrics } from "../../src/metrics/metrics.js";
import { f1, precision } from "../../src/metrics/precision-recall.js";
import { logLoss } from "../../src/metrics/probability-scores.js";
import { prAuc, rocAuc } from "../../src/metrics/ranking.js";
import { meanSquaredError, meanSquaredLogarithmicError } from "../../src/metrics/regression.js";
import { metricFixture } from "../contracts/metric.js";

const { yTrue, yPred, probabilities } = metricFixture.data.classes as {
  yTrue: number[];
  yPred: number[];
  probabilities: number[][];
};

describe("as in scikit-learn", () => {
  it("log loss of 32-bit probabilities, whose smallest step is larger", () => {
    const p = new Matrix(Float32Array.from(probabilities.flat()), probabilities.length, 4);
    expect(logLoss(yTrue, p)).toBeCloseTo(metricFixture.logLossOfFloat32 as number, 6);
  });

  it("confusion matrix", () => {
    expect(confusionMatrix(yTrue, yPred)).toEqual({ labels: [0, 1, 2, 3], counts: metricFixture.confusionMatrix });
  });
});

describe("labels", () => {
  it("may be columns of a frame, whatever the order of their categories", () => {
    const frame = Frame.from([
      { truth: "b", guess: "a" },
      { truth: "a", guess: "a" },
    ]);
    expect(accuracy(frame.column("truth"), frame.column("guess"))).toBe(0.5);
  });

  it("may be class numbers in typed arrays", () => {
    expect(accuracy(Int32Array.of(0, 1, 2), Int32Array.of(0, 1, 1))).toBeCloseTo(2 / 3, 12);
  });

  it("give the order of the confusion matrix, classes that do not occur included", () => {
    const { counts } = confusionMatrix(["b", "a"], ["b", "b"], { labels: ["c", "b", "a"] });
    expect(counts).toEqual([
      [0, 0, 0],
      [0, 1, 0],
      [0, 1, 0],
    ]);
  });
});

describe("what is positive", () => {
  const yes = [true, false, true, true];
  const said = [true, true, true, false];
  it("is true, 1, or the second label; or what positive says", () => {
    expect(precision(yes, said)).toBeCloseTo(2 / 3, 12);
    expect(precision(yes.map(Number), said.map(Number))).toBeCloseTo(2 / 3, 12);
    const words = (answers: boolean[]) => answers.map((answer) => (answer ? "yes" : "no"));
    expect(precision(words(yes), words(said))).toBeCloseTo(2 / 3, 12);
    expect(precision(words(yes), words(said), { positive: "no" })).toBe(0);
  });

  it("is 1 and true also where nothing else occurs, or nothing of it", () => {
    expect(precision([1, 1], [1, 1])).toBe(1);
    expect(precision([0, 0], [0, 0])).toBe(0);
    expect(precision([true], [true])).toBe(1);
    expect(logLoss([0, 0], [0.5, 0.5])).toBeCloseTo(Math.log(2), 12);
  });
});

describe("what is not defined", () => {
  it("is NaN: the area of a curve of one kind of rows, kappa of one class, R2 of one row", () => {
    expect(rocAuc([1, 1], [0.2, 0.3])).toBeNaN();
    expect(prAuc([0, 0], [0.2, 0.3])).toBeNaN();
    expect(cohenKappa(["a", "a"], ["a", "a"])).toBeNaN();
    expect(r2([1], [1])).toBeNaN();
  });

  it("is 0 where nothing was predicted as the class, and R2 of equal targets is 1 or 0", () => {
    expect(precision([0, 1], [0, 0])).toBe(0);
    expect(r2([2, 2], [2, 2])).toBe(1);
    expect(r2([2, 2], [2, 3])).toBe(0);
  });
});

describe("more than two classes", () => {
  it("have the mean over the classes that occur, if no average is asked for", () => {
    // By hand: 1 of 1, 1 of 2, 0 of 1.
    expect(precision(["a", "b", "c"], ["a", "b", "b"])).toBeCloseTo((1 + 1 / 2 + 0) / 3, 12);
    expect(metrics.f1().name).toBe("f1");
  });

  it("of equal scores the later class is the first guess", () => {
    expect(
      topKAccuracy(
        [0, 1],
        [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
        { k: 1 },
      ),
    ).toBe(0.5);
  });
});

describe("what does not fit is refused in one sentence", () => {
  const cases: [string, () => unknown, new () => Error, string][] = [
    [
      "lengths",
      () => accuracy([1, 2], [1]),
      ShapeError,
      "accuracy: yTrue has 2 rows but yPred has 1. Predict the rows that yTrue belongs to.",
    ],
    ["no rows", () => meanSquaredError([], []), ShapeError, "meanSquaredError: expected at least 1 row, got 0."],
    [
      "kinds",
      () => accuracy(["a"], [1]),
      DataError,
      "accuracy: yTrue holds strings but yPred holds numbers. Encode or decode one of them (LabelEncoder).",
    ],
    [
      "NaN",
      () => meanSquaredError([1, Number.NaN], [1, 2]),
      DataError,
      "meanSquaredError: yTrue must be finite numbers, got NaN in row 1.",
    ],
    [
      "a label outside",
      () => confusionMatrix(["a", "x"], ["a", "a"], { labels: ["a", "b"] }),
      DataError,
      'confusionMatrix: row 1 of yTrue is "x", which is not among the labels "a", "b".',
    ],
    [
      "a missing label",
      () => accuracy(["a", null as never], ["a", "a"]),
      DataError,
      "accuracy: the label in row 1 of yTrue is missing. Drop such rows first: frame.dropMissing(target).",
    ],
    [
      "logits",
      () =>
        logLoss(
          [0, 1],
          [
            [2, -1],
            [0, 1],
          ],
        ),
      DataError,
      "logLoss: row 0 of probabilities must be numbers from 0 to 1 with sum 1, got 2, -1. Apply a softmax to logits first.",
    ],
    [
      "classes",
      () =>
        logLoss(
          [0, 1],
          [
            [0.5, 0.3, 0.2],
            [1, 0, 0],
          ],
        ),
      ShapeError,
      "logLoss: yTrue has 2 classes but probabilities has 3 columns. Pass labels: all classes in the order of the columns.",
    ],
    [
      "weights",
      () => accuracy([1], [1], { weights: [-1] }),
      OptionError,
      "accuracy: weights must be finite numbers from 0, got -1 in row 0.",
    ],
    [
      "an average of two classes for three",
      () => f1(["a", "b", "c"], ["a", "b", "b"], { average: "binary" }),
      DataError,
      `metrics.f1: average "binary" is for two classes, but there are 3. Choose "macro", "weighted" or "micro".`,
    ],
    [
      "a positive class that there is not",
      () => f1(["a", "b"], ["a", "b"], { positive: "c" }),
      OptionError,
      `f1: positive must be one of the labels "a", "b", got "c".`,
    ],
    [
      "ratios below 0",
      () => meanSquaredLogarithmicError([1, -1], [1, 2]),
      DataError,
      "meanSquaredLogarithmicError: yTrue must be numbers above -1, got -1 in row 1.",
    ],
    [
      "one logit a row",
      () => logLoss([0, 1], [0.2, 1.5]),
      DataError,
      "logLoss: row 1 of probabilities must be numbers from 0 to 1, got 1.5. Apply a sigmoid to logits first.",
    ],
    [
      "scores of other rows",
      () => rocAuc([0, 1, 1], [0.2, 0.5]),
      ShapeError,
      "rocAuc: yTrue has 3 rows but probabilities has 2. Predict the rows that yTrue belongs to.",
    ],
  ];
  it.each(cases)("%s", (_, call, kind, message) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });
});
