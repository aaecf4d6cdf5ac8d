import { describe, expect, it } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import { scaleRows } from "../../src/charts/scale-chart.js";
import { tensorMemory } from "../../src/engine/lifetime/tensor-memory.js";
import { displaySymbol } from "../../src/output/mime.js";
import { type ScaleStudyOptions, type Size, scaleStudy } from "../../src/training/scale-study.js";
import { clouds } from "./tiny.js";

const { x, y } = clouds(40);
const basics: ScaleStudyOptions = {
  depth: [1, 2],
  width: [2, 8],
  train: { x, y },
  validation: clouds(20, 2),
  loss: "crossEntropy",
  epochs: 8,
  learningRate: 0.05,
};
const net = ({ depth, width }: Size) => mlp({ inputs: 2, outputs: 2, depth, width, seed: 1 });

describe("scaleStudy", () => {
  it("trains each depth and width with the same budget, and keeps no model", async () => {
    const before = tensorMemory().tensors;
    const study = await scaleStudy(net, basics);
    expect(study.rows.map(({ depth, width, parameters }) => [depth, width, parameters])).toEqual([
      [1, 2, 2 * 2 + 2 + 2 * 2 + 2],
      [1, 8, 2 * 8 + 8 + 8 * 2 + 2],
      [2, 2, 2 * 2 + 2 + 2 * 2 + 2 + 2 * 2 + 2],
      [2, 8, 2 * 8 + 8 + 8 * 8 + 8 + 8 * 2 + 2],
    ]);
    expect(study.metric).toBe("val_accuracy");
    expect(study.best!.score).toBe(Math.max(...study.rows.map(({ score }) => score)));
    expect(study.best!.score).toBeGreaterThan(0.9);
    expect(tensorMemory().tensors).toBe(before);
  });

  it("the same grid gives the same scores", async () => {
    const scores = async () => (await scaleStudy(net, basics)).rows.map(({ score }) => score);
    expect(await scores()).toEqual(await scores());
  });

  it("shows its rows as a table, and draws a heat map with text beside it", async () => {
    const study = await scaleStudy(net, { ...basics, monitor: "loss", title: "Sizes" });
    expect(study.metric).toBe("val_loss");
    const { depth, width } = study.best!;
    const table = study[displaySymbol]();
    expect(table["text/plain"]).toMatch(`Sizes: best val_loss with depth ${depth} and width ${width}.`);
    expect(table["text/html"]).toContain("completed");
    const bundle = await study.chart[displaySymbol]();
    expect(bundle["text/plain"]).toMatch(/^Sizes: val_loss; best: depth \d, width \d/);
    expect(Object.keys(bundle)).toEqual(expect.arrayContaining(["application/vnd.vegalite.v5+json", "image/png"]));
  });

  const refused: [string, Partial<ScaleStudyOptions>, string][] = [
    ["an empty grid", { depth: [] }, "scaleStudy: depth must be an array of sizes, like [1, 2, 4], got an array of 0."],
    ["a width that is no size", { width: [1.5] }, "scaleStudy: width[0] must be an integer from 1, got 1.5."],
    ["an unknown metric", { monitor: "f1" }, 'scaleStudy: monitor must be one of "loss", "accuracy", got "f1".'],
    [
      "no validation rows",
      { validation: undefined as never },
      "scaleStudy: validation is missing. Pass the validation part: sizes are compared on it.",
    ],
  ];
  it.each(refused)("refuses %s", async (_, options, message) => {
    await expect(scaleStudy(net, { ...basics, ...options })).rejects.toThrow(message);
  });

  it("refuses a build that gives no model", async () => {
    await expect(scaleStudy(() => 3 as never, basics)).rejects.toThrow(
      "scaleStudy: build must return a tf.LayersModel, got 3.",
    );
  });
});

describe("the rows of the heat map", () => {
  const model = (width: number, score: number) => ({ depth: 1, width, parameters: 10, seconds: 1, score });

  it("shade the best darkest, the smaller loss or the larger accuracy", () => {
    const models = [model(1, 0.5), model(2, 0.75), model(3, 1)];
    expect(scaleRows(models, "larger").map(({ shade, rank }) => [shade, rank])).toEqual([
      [0, 3],
      [0.5, 2],
      [1, 1],
    ]);
    expect(scaleRows(models, "smaller").map(({ shade, rank }) => [shade, rank])).toEqual([
      [1, 1],
      [0.5, 2],
      [0, 3],
    ]);
  });

  it("a model that diverged has no score, and comes last", () => {
    const [first, second] = scaleRows([model(1, Number.NaN), model(2, 3)], "smaller");
    expect(first).toMatchObject({ text: "diverged", rank: 2, shade: 0 });
    expect(second).toMatchObject({ rank: 1, shade: 1 });
  });
});
