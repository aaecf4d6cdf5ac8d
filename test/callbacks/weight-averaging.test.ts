import { describe, expect, it } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import type { Callback, FitTask } from "../../src/callbacks/callback.js";
import { EMA } from "../../src/callbacks/ema.js";
import { StochasticWeightAveraging } from "../../src/callbacks/stochastic-weight-averaging.js";
import type { tf } from "../../src/engine/tf.js";
import { evaluate } from "../../src/training/evaluate.js";
import { fit } from "../../src/training/fit.js";
import { clouds } from "../training/tiny.js";

const options = {
  train: clouds(40),
  validation: clouds(20, 2),
  loss: "crossEntropy",
  batchSize: 8,
  learningRate: 0.05,
} as const;
const weightsOf = (model: tf.LayersModel) => model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
const net = (batchNorm = false) => mlp({ inputs: 2, outputs: 2, hidden: [4], batchNorm, seed: 1 });

/** The weights after each step or epoch, as training has them. */
function watch(hook: "onBatchEnd" | "onEpochEnd") {
  const seen: number[][] = [];
  let fit: FitTask;
  const callback: Callback = {
    onTrainBegin: (task) => {
      fit = task;
    },
    [hook]: () => void seen.push(fit.weights().flatMap((values) => Array.from(values))),
  };
  return { seen, callback };
}

function expectClose(values: readonly number[], expected: readonly number[]): void {
  expect(values).toHaveLength(expected.length);
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i]!, 4);
}

describe.each([true, false])("compiled: %s", (compile) => {
  it("EMA validates and ends with the moving average, and does not disturb what is trained", async () => {
    const [plain, averaged] = [watch("onBatchEnd"), watch("onBatchEnd")];
    const alone = await fit(net(), { ...options, compile, epochs: 3, callbacks: [plain.callback] });
    const ema = new EMA({ decay: 0.8, warmUp: false });
    const run = await fit(net(), { ...options, compile, epochs: 3, callbacks: [averaged.callback, ema] });
    expect(averaged.seen).toEqual(plain.seen);
    expect(weightsOf(alone.model)).toEqual(plain.seen.at(-1));
    const [first, ...later] = plain.seen;
    const mean = later.reduce((mean, weights) => mean.map((value, i) => value + 0.2 * (weights[i]! - value)), first!);
    expectClose(weightsOf(run.model), mean);
    const { loss } = await evaluate(run.model, options.validation);
    expect(run.history.values("val_loss").at(-1)).toBeCloseTo(loss, 4);
  });

  it("StochasticWeightAveraging ends with the mean of the last epochs", async () => {
    const { seen, callback } = watch("onEpochEnd");
    const averaging = new StochasticWeightAveraging({ startFromEpoch: 2 });
    const run = await fit(net(), { ...options, compile, epochs: 5, callbacks: [callback, averaging] });
    expect(averaging.nAveraged).toBe(3);
    const last = seen.slice(2);
    expectClose(
      weightsOf(run.model),
      last[0]!.map((_, i) => last.reduce((sum, weights) => sum + weights[i]! / 3, 0)),
    );
  });

  it("StochasticWeightAveraging sets the moments of batch normalisation for the weights that it gives", async () => {
    const run = await fit(net(true), { ...options, compile, epochs: 6, callbacks: [new StochasticWeightAveraging()] });
    const { loss } = await evaluate(run.model, { x: options.train.x, y: options.train.y });
    expect(loss).toBeLessThan(run.history.values("loss")[0]!);
  });
});

it("numbers out of range are refused", () => {
  expect(() => new EMA({ decay: 1 })).toThrow("EMA: decay must be");
  expect(() => new StochasticWeightAveraging({ learningRate: 0 })).toThrow(
    "StochasticWeightAveraging: learningRate must be",
  );
});
