import { expect, it } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import { RandomStream } from "../../src/core/random.js";
import { losses } from "../../src/losses/losses.js";
import { fit } from "../../src/training/fit.js";
import { predict } from "../../src/training/predict.js";

it("several quantiles of one target are learned at once, and hold their shares of the rows", async () => {
  const random = RandomStream.of(1, "data");
  const x = Array.from({ length: 400 }, () => [random.uniform()]);
  const y = x.map(([a]) => a! + random.normal());
  const model = mlp({ inputs: 1, outputs: 2, hidden: [8], seed: 1 });
  const train = { x, y };
  await fit(model, { train, loss: losses.quantile({ q: [0.1, 0.9] }), epochs: 60, learningRate: 0.02, metrics: [] });
  const bounds = await predict(model, x);
  for (const [column, share] of [0.1, 0.9].entries()) {
    const below = y.filter((value, row) => value < bounds.row(row)[column]!).length / y.length;
    expect(Math.abs(below - share)).toBeLessThan(0.04);
  }
});
