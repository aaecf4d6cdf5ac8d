import { describe, expect, it } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import { GradientMonitor } from "../../src/callbacks/gradient-monitor.js";
import { sgd } from "../../src/optimizers/sgd.js";
import { bundleOf } from "../../src/output/display.js";
import { fit } from "../../src/training/fit.js";
import { clouds } from "../training/tiny.js";

const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));

async function monitored(compile: boolean, everySteps = 3) {
  const model = mlp({ inputs: 2, outputs: 2, hidden: [4], seed: 1 });
  const first = norm(model.getWeights()[0]!.dataSync());
  const monitor = new GradientMonitor({ everySteps });
  const optimizer = sgd({ learningRate: 0.1 });
  const run = await fit(model, {
    train: clouds(40),
    loss: "crossEntropy",
    epochs: 4,
    batchSize: 8,
    optimizer,
    compile,
    callbacks: [monitor],
  });
  return { first, monitor, run };
}

describe("GradientMonitor", () => {
  it.each([true, false])(
    "measures some steps, and plain SGD moves by the rate times the gradient, compiled: %s",
    async (compile) => {
      const { first, monitor, run } = await monitored(compile);
      expect(run.notCompiled).toBe(compile ? null : "compile is false");
      const kernels = monitor.rows.filter(({ name }) => name === monitor.rows[0]!.name);
      expect(kernels.map(({ step }) => step)).toEqual([0, 3, 6, 9, 12, 15, 18]);
      expect(new Set(monitor.rows.map(({ name }) => name)).size).toBe(4);
      expect(kernels[0]!.weight).toBeCloseTo(first, 5);
      for (const { gradient, update } of monitor.rows) expect(update).toBeCloseTo(0.1 * gradient, 5);
    },
  );

  it("changes nothing of what is learned, and compiled steps measure what the others do", async () => {
    const [compiled, eager] = [await monitored(true), await monitored(false)];
    const [rows, expected] = [compiled.monitor.rows, eager.monitor.rows];
    expect(rows).toHaveLength(expected.length);
    for (const [i, { gradient, weight }] of rows.entries()) {
      expect(gradient).toBeCloseTo(expected[i]!.gradient, 4);
      expect(weight).toBeCloseTo(expected[i]!.weight, 4);
    }
    const seldom = await monitored(true, 1000);
    const weights = ({ run }: typeof seldom) => run.model.getWeights().map((weight) => Array.from(weight.dataSync()));
    expect(weights(seldom)).toEqual(weights(compiled));
  });

  it("draws a heat map of at most 2,000 cells, with the last step as text", async () => {
    const { monitor } = await monitored(true, 1);
    const bundle = await bundleOf(monitor);
    expect(bundle["text/plain"]).toMatch(/^Update \/ weight at step 19: \S+ [\d.e-]+/);
    const many = new GradientMonitor();
    many.restore(
      Array.from({ length: 90_000 }, (_, i) => ({
        step: Math.floor(i / 30),
        name: `w${i % 30}`,
        gradient: 1,
        weight: 1,
        update: 0.001,
      })),
    );
    const { data } = (await bundleOf(many))["application/vnd.vegalite.v5+json"] as { data: { values: unknown[] } };
    expect(data.values.length).toBeLessThanOrEqual(2000);
    expect((await bundleOf(new GradientMonitor()))["text/plain"]).toBe("GradientMonitor: no step was measured yet.");
  });

  it("refuses an interval that is none", () => {
    expect(() => new GradientMonitor({ everySteps: 0 })).toThrow(
      "GradientMonitor: everySteps must be an integer from 1, got 0.",
    );
  });
});
