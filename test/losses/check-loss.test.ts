import { describe, expect, it } from "@jest/globals";
import { tf } from "../../src/engine/tf.js";
import { lossChecks } from "../../src/losses/check-loss.js";
import type { Loss } from "../../src/losses/loss.js";
import { losses } from "../../src/losses/losses.js";

const failed = (checks: ReturnType<typeof lossChecks>) => checks.filter(({ passed }) => !passed);

describe("checkLoss", () => {
  // At 10,000 times as much as the targets their square is 1e8, and that of exp(x) is no float32.
  const exceptions: Record<string, string[]> = { poisson: ["extremes"] };

  it.each(Object.entries(losses) as [string, () => Loss][])("finds nothing wrong with %s", (name, make) => {
    expect(failed(lossChecks(make())).filter((check) => !exceptions[name]?.includes(check.name))).toEqual([]);
  });

  const wrong: [string, (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor, string, RegExp][] = [
    [
      "that is no tensor",
      () => 3 as never,
      "result",
      /^It must give one number, or one for each of the 8 samples, and gives 3\.$/,
    ],
    ["of another shape", (_, yPred) => yPred.slice([0, 0], [5, 3]), "result", /and gives shape \(5, 3\)\.$/],
    [
      "that only compares",
      (yTrue, yPred) => tf.cast(tf.greater(yTrue, yPred), "float32").mean(),
      "direction",
      /^It does not say where to go: its gradient is 0 everywhere\.$/,
    ],
    [
      "with a gradient of the wrong sign",
      (yTrue, yPred) =>
        tf.customGrad((x) => ({
          value: tf.mean(tf.squaredDifference(x as tf.Tensor, yTrue)),
          gradFunc: (dy: tf.Tensor) => tf.mul(dy, tf.mul(tf.sub(yPred, yTrue), -2 / yPred.size)),
        }))(yPred),
      "gradient",
      /^Its gradient is not that of finite differences at 2\d of 24 outputs, the first one 0\.$/,
    ],
    [
      "that grows too large",
      (yTrue, yPred) => tf.mul(tf.losses.meanSquaredError(yTrue, yPred), 1e5),
      "scale",
      /far from the 0\.01 to 10/,
    ],
    [
      "of probabilities that overflow",
      (yTrue, yPred) => tf.neg(tf.mean(tf.mul(tf.abs(yTrue), tf.log(tf.sigmoid(yPred))))),
      "extremes",
      /^Where all outputs are -10,000, its (value|gradient) is (Infinity|NaN)\.$/,
    ],
  ];
  it.each(wrong)("finds a loss %s", (_, loss, name, says) => {
    const found = failed(lossChecks(loss)).find((check) => check.name === name);
    expect(found?.says).toMatch(says);
  });

  it("tries it on the samples that are passed", () => {
    const samples = { yTrue: tf.tensor2d([[1], [0]]), yPred: tf.tensor2d([[0.5], [-0.5]]) };
    const [result] = lossChecks((yTrue, yPred) => tf.mean(tf.squaredDifference(yTrue, yPred), 1), samples);
    expect(result).toEqual({ name: "result", passed: true, says: "It gives shape (2) for a batch of 2." });
  });

  it("says in one sentence what it cannot try", () => {
    expect(() => lossChecks(3 as never)).toThrow("checkLoss: loss must be a function of (yTrue, yPred), got 3.");
    expect(() => lossChecks(losses.huber(), { yTrue: tf.scalar(1) })).toThrow(
      "checkLoss: pass both yTrue and yPred, or neither.",
    );
  });

  it("leaves no tensor behind", () => {
    const before = tf.memory().numTensors;
    lossChecks(losses.crossEntropy());
    expect(tf.memory().numTensors).toBe(before);
  });
});
