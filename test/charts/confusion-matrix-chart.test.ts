import { describe, expect, it } from "@jest/globals";
import { confusionMatrixChart, confusionMatrixRows } from "../../src/charts/confusion-matrix-chart.js";
import { displaySymbol } from "../../src/output/mime.js";

const counts = [
  [8, 2],
  [0, 1],
];
const texts = (normalize?: "true" | "predicted" | "all") =>
  confusionMatrixRows(counts, ["a", "b"], normalize).map(({ text }) => text);

describe("confusionMatrixChart", () => {
  it("has a cell for each pair of classes, coloured by the share of the true class", () => {
    expect(confusionMatrixRows(counts, ["a", "b"])[1]).toEqual({
      true: "a",
      predicted: "b",
      count: 2,
      share: 0.2,
      text: "2",
      ink: "#16324f",
    });
  });

  it("shows shares of the true class, of the predicted class or of all", () => {
    expect(texts()).toEqual(["8", "2", "0", "1"]);
    expect(texts("true")).toEqual(["80%", "20%", "0", "100%"]);
    expect(texts("predicted")).toEqual(["100%", "67%", "0", "33%"]);
    expect(texts("all")).toEqual(["73%", "18%", "0", "9.1%"]);
  });

  it("says the accuracy, and is drawn", () => {
    const bundle = confusionMatrixChart({ counts: [Int32Array.of(8, 2), [0, 1]], labels: ["a", 2] })[displaySymbol]();
    expect(bundle["text/plain"]).toBe("Confusion matrix: accuracy 0.8182 (9 of 11)");
    expect(bundle["image/png"]).toBeInstanceOf(Uint8Array);
  });

  it("has this specification", () => {
    expect(
      confusionMatrixChart({ counts, labels: ["a", "b"] }, { title: "T", normalize: "true" }).spec,
    ).toMatchSnapshot();
  });

  it.each([
    [[[1, 2]], ["a", "b"], "counts must have a row and a column for each of the 2 labels, got 1 rows with 2 columns."],
    [[[1]], ["a", "b"], "got 1 rows with 1 columns."],
    [
      [
        [1, -1],
        [0, 0],
      ],
      ["a", "b"],
      "counts must be numbers from 0, got -1.",
    ],
    [[[0]], ["a"], "counts are all 0, so there is nothing to draw."],
    [counts, ["a", "a"], 'labels must differ from one another, got "a", "a".'],
  ])("wrong counts or labels are one sentence (%#)", (wrong, labels, message) => {
    expect(() => confusionMatrixChart({ counts: wrong, labels })).toThrow(message);
  });
});
