import { expect, it } from "@jest/globals";
import { comparedRuns } from "../../src/callbacks/compared-runs.js";

const rows = (...losses: number[]) =>
  losses.map((val_loss, i) => ({
    epoch: i + 1,
    seconds: 1,
    metrics: { loss: 9, accuracy: 0.5, val_loss, val_accuracy: val_loss / 10 },
  }));

it("compares what differs, by the best epoch of each", () => {
  const setup = {
    epochs: 3,
    metrics: ["accuracy", "f1"],
    loss: "crossEntropy",
    layers: ["dense 8 relu", "dense 2"],
    parameters: 42,
  };
  const runs = [
    { label: "run 1", setup: { ...setup, learningRate: 0.01 }, rows: rows(3, 1, 2) },
    {
      label: "run 2",
      setup: { ...setup, learningRate: 0.001, layers: ["dense 16 relu", "dense 2"], parameters: 82 },
      rows: [],
    },
  ];
  expect(comparedRuns(runs)).toEqual({
    header: ["run", "layer 1", "learningRate", "val_loss", "val_accuracy"],
    rows: [
      ["run 1", "dense 8 relu", "0.01", "1", "0.1"],
      ["run 2", "dense 16 relu", "0.001", "–", "–"],
    ],
  });
});

it("an epoch that was put back is what a run came to", () => {
  const run = { label: "run 1", setup: {}, rows: rows(3, 2, 1) };
  expect(comparedRuns([{ ...run, restoredEpoch: 2 }, run]).rows).toEqual([
    ["run 1", "2", "0.2"],
    ["run 1", "1", "0.1"],
  ]);
});

it("takes a list of words as one setting", () => {
  const { header, rows } = comparedRuns([
    { label: "run 1", setup: { metrics: ["accuracy", "rocAuc"] }, rows: [] },
    { label: "run 2", setup: { metrics: ["accuracy"] }, rows: [] },
  ]);
  expect([header, ...rows]).toEqual([
    ["run", "metrics"],
    ["run 1", "accuracy, rocAuc"],
    ["run 2", "accuracy"],
  ]);
});

it("names at most four settings, and how many more there are", () => {
  const setup = (value: number) => Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((name) => [name, value]));
  const { header } = comparedRuns([
    { label: "run 1", setup: setup(1), rows: [] },
    { label: "run 2", setup: setup(2), rows: [] },
  ]);
  expect(header).toEqual(["run", "a", "b", "c", "d", "and 2 more"]);
});
