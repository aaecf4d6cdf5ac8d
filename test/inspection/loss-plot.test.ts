import { describe, expect, it } from "@jest/globals";
import { tf } from "../../src/engine/tf.js";
import { lossPoints, plotLoss } from "../../src/inspection/loss-plot.js";
import { checkLoss } from "../../src/inspection/loss-report.js";
import type { LossFunction } from "../../src/losses/loss.js";
import { losses } from "../../src/losses/losses.js";
import { displaySymbol } from "../../src/output/mime.js";

describe("the curve of a loss", () => {
  it("is its value and its derivative by the output", () => {
    const points = lossPoints(losses.meanSquaredError(), { range: [-2, 2], target: 1 });
    expect(points).toHaveLength(200);
    expect([points[0], points.at(-1)].map((point) => [point!.output, point!.at])).toEqual([
      [-1, -2],
      [3, 2],
    ]);
    for (const { output, value, slope } of points) {
      expect(value).toBeCloseTo((output - 1) ** 2, 2);
      expect(slope).toBeCloseTo(2 * (output - 1), 2);
    }
  });

  it("of classes is over the logit of the label, beside one of 0", () => {
    const [first] = lossPoints(losses.crossEntropy(), { range: [-3, 3] });
    expect(first!.value).toBeCloseTo(Math.log(1 + Math.exp(3)), 3);
    expect(first!.slope).toBeCloseTo(-1 / (1 + Math.exp(-3)), 3);
  });

  it("is one line for each of several, never more than 2,000 points", () => {
    const several = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`delta ${i + 1}`, losses.huber({ delta: i + 1 })]),
    );
    const points = lossPoints(several);
    expect(points.length).toBeLessThanOrEqual(2000);
    expect(new Set(points.map(({ loss }) => loss)).size).toBe(20);
  });

  it("shows as a chart with a picture and text", async () => {
    const bundle = await plotLoss({ squared: losses.meanSquaredError(), huber: losses.huber() })[displaySymbol]();
    expect(bundle["text/plain"]).toBe("Losses: squared, huber for output - target from -4 to 4");
    expect(bundle).toHaveProperty("image/png");
  });

  it.each<[string, LossFunction, number | undefined]>([
    ["output - target", losses.huber(), undefined],
    ["output - target", losses.meanAbsolutePercentageError(), 3],
    ["output - target", (yTrue, yPred) => tf.mean(tf.abs(tf.sub(yTrue, yPred))), undefined],
    ["logit of the label", losses.crossEntropy(), 0],
    ["logit of the label", losses.binaryCrossEntropy(), undefined],
    ["logit of yes", losses.binaryCrossEntropy(), 0],
    ["score of the label", losses.hinge(), undefined],
    ["logarithm of the rate", losses.poisson(), 2],
    ["output", losses.meanSquaredLogarithmicError(), undefined],
  ])("is drawn over the %s: %#", (title, loss, target) => {
    const { hconcat } = plotLoss(loss, target === undefined ? {} : { target }).spec;
    for (const panel of hconcat as { encoding: { x: { axis: { title: string } } } }[]) {
      expect(panel.encoding.x.axis.title).toBe(title);
    }
  });

  it("of losses of several kinds is drawn over what each takes", () => {
    const both = plotLoss({ squared: losses.meanSquaredError(), hinge: losses.hinge() });
    expect(both.spec.hconcat).toMatchObject([
      { encoding: { x: { axis: { title: "output - target, or score of the label" } } } },
      {},
    ]);
  });

  it("is left out where the loss has no value", () => {
    const points = lossPoints(losses.poisson({ yPred: "rates" }));
    expect(points.length).toBeGreaterThan(90);
    expect(points.filter(({ output }) => output < 0)).toEqual([]);
  });

  it("of percentages has the size that the target asks for", () => {
    const at = (target: number) => lossPoints(losses.meanAbsolutePercentageError(), { target, range: [0, 2] }).at(-1)!;
    expect([at(1).value, at(4).value]).toEqual([200, 50]);
  });

  it("is refused in one sentence where there is none", () => {
    expect(() => plotLoss(losses.triplet())).toThrow(
      'plotLoss: "triplet" compares rows with one another, so it has no curve of one output.',
    );
    expect(() => plotLoss(losses.ctc())).toThrow(
      'plotLoss: "ctc" is of whole sequences, so it has no curve of one output.',
    );
    expect(() => plotLoss(losses.crossEntropy(), { target: 5 })).toThrow(
      "plotLoss: target must be an integer from 0 to 1, got 5. Two classes are drawn.",
    );
    expect(() => plotLoss(losses.hinge(), { target: -1 })).toThrow(
      "plotLoss: target must be a number from 0 to 1, got -1.",
    );
    expect(() => plotLoss({})).toThrow("plotLoss: losses must be a loss, or losses by name, got a Object.");
    expect(() => plotLoss(losses.huber(), { range: [1, 0] })).toThrow(
      "plotLoss: range[1] must be a number above 1, got 0.",
    );
  });
});

describe("the report on a loss", () => {
  it("is a table that says what passed", () => {
    const report = checkLoss(losses.meanSquaredError());
    expect(report.passed).toBe(true);
    const bundle = report[displaySymbol]() as Record<string, string>;
    expect(bundle["text/plain"]).toContain("Its gradient is that of finite differences");
    expect(bundle["text/html"]).toContain("<table");
    expect(checkLoss(() => 1 as never).passed).toBe(false);
  });
});
