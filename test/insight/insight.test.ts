import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { DataError, ShapeError } from "../../src/core/errors.js";
import { calibrationCurve } from "../../src/insight/calibration-curve.js";
import { precisionRecallCurve } from "../../src/insight/precision-recall-curve.js";
import { residuals } from "../../src/insight/residuals.js";
import { rocCurve } from "../../src/insight/roc-curve.js";
import { temperatureScaling } from "../../src/insight/temperature-scaling.js";
import { logLoss } from "../../src/metrics/probability-scores.js";
import { prAuc, rocAuc } from "../../src/metrics/ranking.js";
import { displaySymbol } from "../../src/output/mime.js";

/** Made by test/reference/insight/insight.py. */
const { yes, p, three, shares, weights, ...theirs } = JSON.parse(
  readFileSync(new URL("../reference/insight/fixtures/insight.json", import.meta.url), "utf8"),
);

function close(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 9);
  });
}

describe("as in scikit-learn", () => {
  it.each([
    ["roc", {}],
    ["weightedRoc", { weights }],
  ])("%s curve, after its start at (0, 0)", (name, options) => {
    const [start, ...rows] = rocCurve(yes, p, options).toRows();
    expect(start).toEqual({ label: 1, threshold: Number.POSITIVE_INFINITY, falsePositiveRate: 0, truePositiveRate: 0 });
    const [falsePositives, truePositives, thresholds] = theirs[name];
    close(
      rows.map((row) => row.falsePositiveRate),
      falsePositives,
    );
    close(
      rows.map((row) => row.truePositiveRate),
      truePositives,
    );
    close(
      rows.map((row) => row.threshold),
      thresholds,
    );
  });

  it("precision-recall curve", () => {
    const rows = precisionRecallCurve(yes, p).toRows();
    const [precisions, recalls, thresholds] = theirs.precisionRecall;
    close(
      rows.map((row) => row.precision),
      precisions,
    );
    close(
      rows.map((row) => row.recall),
      recalls,
    );
    close(
      rows.slice(0, -1).map((row) => row.threshold),
      thresholds,
    );
  });

  it.each([
    ["uniform", 7],
    ["quantile", 6],
  ] as const)("calibration in %s bins", (strategy, nBins) => {
    const rows = calibrationCurve(yes, p, { strategy, nBins }).toRows();
    close(
      rows.map(({ observed }) => observed),
      theirs[strategy][0],
    );
    close(
      rows.map(({ predicted }) => predicted),
      theirs[strategy][1],
    );
  });

  it("temperature", () => {
    expect(temperatureScaling(three, shares).temperature).toBeCloseTo(theirs.temperature, 5);
    expect(temperatureScaling(three, shares, { weights }).temperature).toBeCloseTo(theirs.weightedTemperature, 5);
  });
});

it("the areas of the curves are those of the metrics, class against rest", () => {
  expect(rocCurve(three, shares).area).toBeCloseTo(rocAuc(three, shares), 12);
  expect(precisionRecallCurve(three, shares).area).toBeCloseTo(prAuc(three, shares), 12);
  expect([...rocCurve(three, shares).areas.keys()]).toEqual([0, 1, 2]);
});

it("the expected calibration error is that of the bins: by hand", () => {
  // Bins to 0.5 and to 1: |0.3 - 0.5| of 2 rows, |0.8 - 1| of 2 rows.
  const curve = calibrationCurve([0, 1, 1, 1], [0.2, 0.4, 0.7, 0.9], { nBins: 2 });
  expect(curve.expectedError).toBeCloseTo(0.2, 12);
  expect(curve.toRows().map(({ count }) => count)).toEqual([2, 2]);
});

it("a temperature makes the log loss less and changes no decision", () => {
  const scaling = temperatureScaling(three, shares);
  const after = scaling.transform(shares);
  expect(logLoss(three, after)).toBeLessThan(logLoss(three, shares));
  expect(scaling.toRows()[1]!.logLoss).toBeCloseTo(logLoss(three, after), 12);
  const best = (row: ArrayLike<number>) => Array.from(row).indexOf(Math.max(...Array.from(row)));
  expect(after.toRows().map(best)).toEqual(shares.map(best));
});

it("residuals say how far off predictions are, and which are the worst", () => {
  const found = residuals([1, 2, 3], [1, 4, 2.5]);
  expect(found.toRows().map(({ residual }) => residual)).toEqual([0, -2, 0.5]);
  expect(found.worst(1)).toEqual([{ row: 1, actual: 2, predicted: 4, residual: -2 }]);
  expect(found.mean).toBeCloseTo(-0.5, 12);
});

it.each([
  ["roc", () => rocCurve(three, shares), "ROC curve: mean area under the curves of 3 classes "],
  ["precision-recall", () => precisionRecallCurve(yes, p), "Precision-recall curve: average precision "],
  ["calibration", () => calibrationCurve(yes, p), "Calibration: expected calibration error "],
  ["temperature", () => temperatureScaling(three, shares), "Temperature "],
  ["residuals", () => residuals([1, 2, 3], [1, 4, 2.5]), "Residuals: root mean squared error "],
] as const)("%s is drawn, with a line of text beside it", async (_, make, text) => {
  const bundle = await make()[displaySymbol]();
  expect(String(bundle["text/plain"]).startsWith(text)).toBe(true);
  expect(bundle["image/png"]).toBeInstanceOf(Uint8Array);
});

it("what does not fit is refused in one sentence", () => {
  expect(() => rocCurve([0, 1], [0.1])).toThrow(ShapeError);
  expect(() => calibrationCurve([0, 1], [2, 0.1])).toThrow(DataError);
  expect(() => calibrationCurve([0, 1], [0.2, 0.1], { nBins: 0 })).toThrow(
    "calibrationCurve: nBins must be an integer from 1, got 0.",
  );
  expect(() => residuals([[1, 2]], [[1, 2]])).toThrow(
    "residuals: expected one number for each row, got 2. Choose a column.",
  );
});
