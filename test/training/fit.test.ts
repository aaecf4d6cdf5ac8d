import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import type { Callback } from "../../src/callbacks/callback.js";
import { EarlyStopping } from "../../src/callbacks/early-stopping.js";
import { bindStopFlag, stopCells } from "../../src/core/stop.js";
import { tf } from "../../src/engine/tf.js";
import { adam } from "../../src/optimizers/adam.js";
import { bundleOf } from "../../src/output/display.js";
import { evaluate } from "../../src/training/evaluate.js";
import { fit } from "../../src/training/fit.js";
import type { FitOptions } from "../../src/training/fit-options.js";
import { clouds } from "./tiny.js";

const train = clouds();
const validation = clouds(20, 2);
const basics = { train, validation, loss: "crossEntropy", epochs: 3, batchSize: 16, learningRate: 0.01 } as const;
const newModel = (options = {}) => mlp({ inputs: 2, outputs: 2, hidden: [8], ...options });
const weightsOf = (model: tf.LayersModel) => model.getWeights().map((weight) => Array.from(weight.dataSync()));

let tensorsBefore: number;
let models: tf.LayersModel[];
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
  models = [];
});
/** What a test trains is freed after it, so that each test also shows that `fit` leaves nothing behind. */
const own = (model: tf.LayersModel) => {
  models.push(model);
  return model;
};
afterEach(() => {
  for (const model of models) model.dispose();
  expect(tf.memory().numTensors).toBe(tensorsBefore);
});

describe("fit", () => {
  it("learns, and reports loss and accuracy of both parts for every epoch", async () => {
    const run = await fit(own(newModel()), { ...basics, epochs: 20, learningRate: 0.05 });
    expect(run.status).toBe("completed");
    expect(run.reason).toBe("All 20 epochs ran.");
    expect(run.history.rows.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(Object.keys(run.history.rows[0]!.metrics)).toEqual(["loss", "accuracy", "val_loss", "val_accuracy"]);
    expect(run.history.values("val_accuracy").at(-1)).toBeGreaterThan(0.9);
    expect(run.history.values("loss").at(-1)).toBeLessThan(run.history.values("loss")[0]! / 2);
    expect(run.best!.metrics.val_loss).toBe(Math.min(...run.history.values("val_loss")));
  });

  it("starts near the loss of a guess: ln 2 for two classes", async () => {
    const model = own(newModel());
    const [kernel, bias] = [tf.zeros([8, 2]), tf.zeros([2])];
    model.layers.at(-1)!.setWeights([kernel, bias]);
    tf.dispose([kernel, bias]);
    const { loss } = await evaluate(model, train, { loss: "crossEntropy" });
    expect(loss).toBeCloseTo(Math.log(2), 6);
  });

  it("one seed gives one history and one set of weights, bit for bit, dropout included", async () => {
    const train = () => fit(own(newModel({ dropout: 0.3 })), { ...basics, seed: 5 });
    const [first, second] = [await train(), await train()];
    const metrics = ({ history }: typeof first) => history.rows.map((row) => row.metrics);
    expect(metrics(second)).toEqual(metrics(first));
    expect(weightsOf(second.model)).toEqual(weightsOf(first.model));
  });

  it("another seed gives another order of the rows; without shuffle the seed changes nothing", async () => {
    const lossWith = async (options: Partial<FitOptions>) =>
      (await fit(own(newModel()), { ...basics, ...options })).history.values("loss");
    expect(await lossWith({ seed: 1 })).not.toEqual(await lossWith({ seed: 2 }));
    expect(await lossWith({ seed: 1, shuffle: false })).toEqual(await lossWith({ seed: 2, shuffle: false }));
  });

  it("the validation loss is that of evaluate, l2 and the smaller last batch included", async () => {
    const model = own(newModel({ l2: 0.1, dropout: 0.2 }));
    const run = await fit(model, { ...basics, epochs: 1 });
    const row = run.history.rows[0]!.metrics;
    const { val_loss: loss, val_accuracy: accuracy, val_dataLoss: dataLoss, val_penalty: penalty } = row;
    expect(await evaluate(model, validation)).toEqual({ loss, accuracy, dataLoss, penalty });
    expect(dataLoss! + penalty!).toBeCloseTo(loss!, 6);
  });

  it("the loss of an epoch is the mean over the rows, whatever the size of the last batch", async () => {
    const lossWith = async (batchSize: number) => {
      const run = await fit(own(newModel()), { ...basics, epochs: 1, batchSize, learningRate: 1e-12 });
      return run.history.values("loss")[0]!;
    };
    expect(await lossWith(7)).toBeCloseTo(await lossWith(40), 5);
  });

  it("a batch of all rows takes the step of plain gradient descent", async () => {
    const model = own(mlp({ inputs: 1, outputs: 1, hidden: [] }));
    const start = [tf.tensor2d([[2]]), tf.tensor1d([0])];
    model.setWeights(start);
    tf.dispose(start);
    // Loss ((2 - 1)^2 + (4 - 1)^2) / 2 = 5 with gradients (1 * 1 + 3 * 2) = 7 for the weight and (1 + 3) = 4 for the bias.
    const run = await fit(model, {
      train: { x: [[1], [2]], y: [1, 1] },
      loss: "meanSquaredError",
      optimizer: "sgd",
      learningRate: 0.1,
      epochs: 1,
    });
    expect(run.history.values("loss")).toEqual([5]);
    const [weight, bias] = weightsOf(model).flat();
    expect(weight).toBeCloseTo(2 - 0.7, 6);
    expect(bias).toBeCloseTo(-0.4, 6);
  });

  it("keeps the number of tensors flat over epochs and runs", async () => {
    const model = own(newModel({ batchNorm: true, dropout: 0.1 }));
    const counts: number[] = [];
    const callbacks = [new EarlyStopping(), { onEpochEnd: () => void counts.push(tf.memory().numTensors) }];
    await fit(model, { ...basics, epochs: 6, callbacks });
    const after = tf.memory().numTensors;
    await fit(model, { ...basics, epochs: 6, callbacks });
    expect(tf.memory().numTensors).toBe(after);
    expect(new Set(counts.slice(1, 6)).size).toBe(1);
  });

  it("EarlyStopping ends it and leaves the weights of the best epoch", async () => {
    const run = await fit(own(newModel()), {
      ...basics,
      epochs: 200,
      learningRate: 0.5,
      callbacks: [new EarlyStopping({ patience: 3 })],
    });
    expect(run.status).toBe("stopped");
    expect(run.reason).toContain("EarlyStopping: val_loss did not improve");
    expect(run.restoredEpoch).toBe(run.best!.epoch);
    expect(run.history.rows.length).toBe(run.best!.epoch + 3);
    expect((await evaluate(run.model, validation)).loss).toBe(run.best!.metrics.val_loss);
  });

  it("with minDelta the best epoch is the one that EarlyStopping restored", async () => {
    const callbacks = [new EarlyStopping({ patience: 3, minDelta: 0.2 })];
    const run = await fit(own(newModel()), { ...basics, epochs: 200, callbacks });
    expect(run.best!.epoch).toBe(run.restoredEpoch);
    expect(run.best!.metrics.val_loss).toBeGreaterThan(Math.min(...run.history.values("val_loss")));
  });

  it("an optimizer of one's own keeps its state between runs and takes the learning rate", async () => {
    const optimizer = adam();
    const model = own(newModel());
    await fit(model, { ...basics, optimizer, learningRate: 0.25 });
    expect(optimizer.learningRate).toBe(0.25);
    expect(optimizer.step).toBeGreaterThan(0);
    optimizer.dispose();
  });

  it("lets timers run in the midst of training", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const callbacks: Callback[] = [{ onEpochEnd: () => (ticks > 0 ? "stop" : undefined) }];
    const run = await fit(own(newModel()), { ...basics, epochs: 100_000, callbacks });
    clearInterval(timer);
    expect(run.status).toBe("stopped");
  });

  it("an error in the user's own loss reaches the user, and the callbacks hear the end", async () => {
    const endings: string[] = [];
    const loss = () => {
      throw new Error("no such column");
    };
    const callbacks: Callback[] = [{ onTrainEnd: (_, { reason }) => void endings.push(reason) }];
    await expect(fit(own(newModel()), { ...basics, loss, callbacks })).rejects.toThrow("no such column");
    expect(endings).toEqual(["no such column"]);
  });

  it("trains with any differentiable function, comparisons included", async () => {
    const huber = (yTrue: tf.Tensor, yPred: tf.Tensor) => {
      const error = yPred.flatten().sub(yTrue).abs();
      return tf.where(error.less(1), error.square().mul(0.5), error.sub(0.5)).mean();
    };
    const x = Array.from({ length: 32 }, (_, i) => [i / 16 - 1]);
    const y = x.map(([value]) => 3 * value! + 1);
    const model = own(mlp({ inputs: 1, outputs: 1, hidden: [] }));
    const run = await fit(model, { train: { x, y }, loss: huber, epochs: 100, learningRate: 0.1 });
    expect(run.history.values("loss").at(-1)).toBeLessThan(1e-3);
  });

  it("shows how it ended, and its history as a table", async () => {
    const run = await fit(own(newModel()), { ...basics, title: "clouds" });
    const bundle = (await bundleOf(run)) as Record<string, string>;
    expect(bundle["text/plain"]).toMatch(/^clouds: completed in \d+\.\d s\. All 3 epochs ran\.\n/);
    expect(bundle["text/html"]).toContain("val_accuracy");
    expect((await bundleOf(run.history))["text/plain"]).toMatch(
      /^epoch +loss +accuracy +val_loss +val_accuracy +learningRate +seconds\n/,
    );
    expect(run.history.toRows()[2]).toMatchObject({ epoch: 3, learningRate: 0.01 });
  });
});

describe("Stop", () => {
  const memory = new Int32Array(new SharedArrayBuffer(4 * Object.keys(stopCells).length));
  beforeEach(() => bindStopFlag(memory));
  afterEach(() => void memory.fill(0));

  const stopAt = (epoch: number, hook: "onEpochBegin" | "onBatchEnd"): Callback => ({
    [hook]: (task: { index: number }) => {
      if (task.index === epoch) Atomics.add(memory, stopCells.requests, 1);
    },
  });

  it("ends the run at the next step with the epochs so far and a model that can be used", async () => {
    const run = await fit(own(newModel()), { ...basics, epochs: 50, callbacks: [stopAt(2, "onEpochBegin")] });
    expect(run.status).toBe("interrupted");
    expect(run.reason).toBe("Stopped on request in epoch 3 of 50, at step 1 of 3.");
    expect(run.history.rows.length).toBe(2);
    expect((await evaluate(run.model, validation)).accuracy).toBeGreaterThanOrEqual(0);
  });

  it("in the last step of an epoch ends the run before its validation", async () => {
    const run = await fit(own(newModel()), { ...basics, epochs: 50, callbacks: [stopAt(2, "onBatchEnd")] });
    expect(run.reason).toBe("Stopped on request in the validation after epoch 1 of 50.");
    expect(run.history.rows).toEqual([]);
    expect(run.best).toBeNull();
  });

  it("still puts the best weights back", async () => {
    const callbacks = [new EarlyStopping({ patience: 40 }), stopAt(30, "onEpochBegin")];
    const run = await fit(own(newModel()), { ...basics, epochs: 50, learningRate: 0.5, callbacks });
    expect(run.status).toBe("interrupted");
    expect((await evaluate(run.model, validation)).loss).toBe(run.best!.metrics.val_loss);
  });
});

describe("divergence", () => {
  it("stops at the step, names it, and goes back to the last weights with a finite loss", async () => {
    const model = own(newModel());
    const run = await fit(model, { ...basics, optimizer: "sgd", learningRate: 1e30 });
    expect(run.status).toBe("diverged");
    expect(run.reason).toMatch(
      /^The loss became (NaN|Infinity) in epoch 1 of 3, at step \d of 3( \(the first outputs that were not finite are those of layer "\w+"\))?; the weights of the last good step are back\. Try a smaller learningRate/,
    );
    expect(weightsOf(model).flat().every(Number.isFinite)).toBe(true);
    expect((await evaluate(model, train)).loss).toEqual(expect.any(Number));
  });

  it("is noticed in the last step too, where no further loss would show it", async () => {
    const model = own(newModel());
    const before = weightsOf(model);
    const run = await fit(model, {
      train,
      loss: "crossEntropy",
      epochs: 1,
      batchSize: 40,
      optimizer: "sgd",
      learningRate: 1e39,
    });
    expect(run.reason).toContain("A weight was no longer finite after epoch 1 of 1");
    expect(weightsOf(model)).toEqual(before);
  });
});
