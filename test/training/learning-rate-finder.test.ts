import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import { tf } from "../../src/engine/tf.js";
import { adam } from "../../src/optimizers/adam.js";
import { sgd } from "../../src/optimizers/sgd.js";
import { bundleOf } from "../../src/output/display.js";
import { fit } from "../../src/training/fit.js";
import { findLearningRate, LearningRates } from "../../src/training/learning-rate-finder.js";
import { clouds } from "./tiny.js";

const train = clouds(200);
const options = { train, loss: "crossEntropy" } as const;
const net = () => mlp({ inputs: 2, outputs: 2, hidden: [8], dropout: 0.2, batchNorm: true, seed: 1 });
const weightsOf = (model: tf.LayersModel) => model.getWeights().map((weight) => Array.from(weight.dataSync()));

const { curves }: { curves: { rates: number[]; losses: number[]; suggestion: number; steepest: number }[] } =
  JSON.parse(readFileSync(new URL("../reference/training/fixtures/learning-rates.json", import.meta.url), "utf8"));

describe("findLearningRate", () => {
  it("finds a rate at which the net learns", async () => {
    const model = net();
    const found = await findLearningRate(model, options);
    expect(found.suggestion).toBeGreaterThan(1e-4);
    expect(found.suggestion).toBeLessThan(1);
    const rates = found.rows.map(({ rate }) => rate);
    expect(rates[0]).toBeCloseTo(1e-7, 12);
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
    const run = await fit(model, { ...options, epochs: 20, learningRate: found.suggestion! });
    expect(run.history.values("accuracy").at(-1)).toBeGreaterThan(0.9);
  });

  it.each([true, false])("leaves model, optimizer and random streams as they were, compiled: %s", async (compile) => {
    const trained = async (look: boolean) => {
      const model = net();
      const optimizer = adam({ learningRate: 0.01 });
      const { run } = { run: await fit(model, { ...options, optimizer, epochs: 1, compile }) };
      const before = {
        weights: weightsOf(model),
        notes: JSON.stringify(model.getUserDefinedMetadata()),
        step: optimizer.step,
      };
      const { numTensors } = tf.memory();
      if (look) {
        await findLearningRate(model, { ...options, optimizer, compile });
        expect(weightsOf(model)).toEqual(before.weights);
        expect(JSON.stringify(model.getUserDefinedMetadata())).toBe(before.notes);
        expect([optimizer.step, optimizer.learningRate]).toEqual([before.step, 0.01]);
        expect(tf.memory().numTensors).toBe(numTensors);
      }
      const after = await fit(run.model, { ...options, optimizer, epochs: 2, compile });
      return [weightsOf(after.model), after.history.rows.map(({ metrics }) => metrics)];
    };
    expect(await trained(true)).toEqual(await trained(false));
  });

  it("ends when the loss has risen to four times the least, long before a loss that is not finite", async () => {
    const { rows } = await findLearningRate(net(), { ...options, optimizer: sgd({ momentum: 0.9 }), to: 1e6 });
    expect(rows.length).toBeLessThan(100);
    const smoothed = rows.map(({ smoothed }) => smoothed);
    const least = Math.min(...smoothed);
    expect(smoothed.at(-1)! > 4 * least || !Number.isFinite(smoothed.at(-1)!)).toBe(true);
    expect(smoothed.slice(0, -1).every((value) => value <= 4 * least)).toBe(true);
  });

  it("draws what it found, and says it in a line", async () => {
    const bundle = await bundleOf(await findLearningRate(net(), options));
    expect(bundle["text/plain"]).toMatch(/^Learning rate: suggestion \S+ {2}· {2}steepest \S+$/);
  });

  it("refuses what it cannot try, with a sentence", async () => {
    await expect(findLearningRate(net(), { ...options, steps: 5 })).rejects.toThrow(
      "findLearningRate: steps must be an integer from 20, got 5.",
    );
    await expect(findLearningRate(net(), { ...options, from: 1, to: 0.1 })).rejects.toThrow(
      "findLearningRate: to must be",
    );
    const stock = tf.train.adam(0.1) as never;
    await expect(findLearningRate(net(), { ...options, optimizer: stock })).rejects.toThrow(
      'findLearningRate: optimizer must be a name such as "adam"',
    );
  });
});

describe("the suggestions", () => {
  it.each(curves)("are those of fastai", ({ rates, losses, suggestion, steepest }) => {
    const found = new LearningRates(rates.map((rate, i) => ({ rate, loss: losses[i]!, smoothed: losses[i]! })));
    expect(found.suggestion).toBeCloseTo(suggestion, 12);
    expect(found.steepest).toBeCloseTo(steepest, 12);
  });

  it("are none where the loss never falls", () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({ rate: 10 ** (i / 10 - 4), loss: i, smoothed: i }));
    const found = new LearningRates(rows);
    expect([found.suggestion, found.steepest]).toEqual([null, null]);
    expect(JSON.stringify(found.chart.spec)).toContain("the loss never falls");
  });
});
