import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { DataError, OptionError, ShapeError } from "../../src/core/errors.js";
import { Matrix } from "../../src/core/matrix.js";
import { Frame } from "../../src/data/frame.js";
import { accuracy, confusionMatrix, logLoss } from "../../src/metrics/classification.js";
import { meanAbsoluteError, meanSquaredError } from "../../src/metrics/regression.js";
import {
  type StreamingMetric,
  streamingAccuracy,
  streamingMeanAbsoluteError,
  streamingMeanSquaredError,
} from "../../src/metrics/streaming.js";

// Made by fixtures/make.py with scikit-learn 1.9.1.
const sklearn = JSON.parse(readFileSync(new URL("fixtures/sklearn.json", import.meta.url), "utf8"));
const { yTrue, yPred, weights, probabilities, y, yPredicted } = sklearn;

describe("the metrics equal scikit-learn's", () => {
  const cases: [string, () => number, number][] = [
    ["accuracy", () => accuracy(yTrue, yPred), sklearn.accuracy],
    ["weighted accuracy", () => accuracy(yTrue, yPred, { weights }), sklearn.weightedAccuracy],
    ["log loss", () => logLoss(yTrue, probabilities), sklearn.logLoss],
    ["weighted log loss", () => logLoss(yTrue, Matrix.from(probabilities), { weights }), sklearn.weightedLogLoss],
    ["squared error", () => meanSquaredError(y, yPredicted), sklearn.meanSquaredError],
    ["weighted squared error", () => meanSquaredError(y, yPredicted, { weights }), sklearn.weightedMeanSquaredError],
    ["absolute error", () => meanAbsoluteError(y, yPredicted), sklearn.meanAbsoluteError],
    ["weighted absolute error", () => meanAbsoluteError(y, yPredicted, { weights }), sklearn.weightedMeanAbsoluteError],
  ];
  it.each(cases)("%s", (_, ours, theirs) => {
    expect(ours()).toBeCloseTo(theirs, 9);
  });

  it("log loss of 32-bit probabilities, whose smallest step is larger", () => {
    const p = new Matrix(Float32Array.from(probabilities.flat() as number[]), probabilities.length, 3);
    expect(logLoss(yTrue, p)).toBeCloseTo(sklearn.logLossOfFloat32, 6);
  });

  it("confusion matrix", () => {
    expect(confusionMatrix(yTrue, yPred)).toEqual({ labels: ["ant", "bee", "cat"], counts: sklearn.confusionMatrix });
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

describe("a streaming metric", () => {
  const one = (yTrue: number[], yPred: number[], weights?: number[]) => ({ yTrue, yPred, weights });
  const batches = [one([1, 2, 3], [1, 2, 2], [1, 1, 4]), one([5], [2], [2])];
  const cases: [string, () => StreamingMetric, number][] = [
    // By hand: right rows weigh 1 + 1 of 8; errors 0, 0, 1, 3 with weights 1, 1, 4, 2.
    ["accuracy", streamingAccuracy, 2 / 8],
    ["squared error", streamingMeanSquaredError, (4 * 1 + 2 * 9) / 8],
    ["absolute error", streamingMeanAbsoluteError, (4 * 1 + 2 * 3) / 8],
  ];
  it.each(cases)("is exact over uneven batches: %s", (_, make, expected) => {
    const metric = make();
    for (const batch of batches) metric.update(batch.yTrue, batch.yPred, batch.weights);
    expect(metric.result()).toBeCloseTo(expected, 12);
  });

  it("is NaN before the first row and after a reset", () => {
    const metric = streamingAccuracy();
    expect(metric.result()).toBeNaN();
    metric.update([1], [1]);
    metric.reset();
    expect(metric.result()).toBeNaN();
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
  ];
  it.each(cases)("%s", (_, call, kind, message) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });
});
