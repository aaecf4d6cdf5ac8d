import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { mlp } from "../../../src/architectures/mlp.js";
import { relieve } from "../../../src/engine/lifetime/pressure.js";
import { tf } from "../../../src/engine/tf.js";
import { fit } from "../../../src/training/fit.js";
import { predict } from "../../../src/training/predict.js";
import { clouds } from "../../training/tiny.js";
import { backends, onBackend } from "./backends.js";
import { expectNothingLeft } from "./nothing-left.js";

const mb = 2 ** 20;

/** What the variables of a notebook hold: a cell that runs again binds them anew. */
const notebook: Record<string, unknown> = {};

async function ownTraining() {
  const { x, y } = clouds();
  const model = mlp({ inputs: 2, outputs: 2, hidden: [64], seed: 1 });
  notebook.run = await fit(model, { train: { x, y }, loss: "crossEntropy", epochs: 1 });
  notebook.predicted = await predict(model, x);
  notebook.raw = model.predict(tf.zeros([4, 2]));
}

/** As a tutorial of TensorFlow.js has it, with nothing disposed. */
async function stockTraining() {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 64, activation: "relu", inputShape: [2] }));
  model.add(tf.layers.dense({ units: 1 }));
  model.compile({ loss: "meanSquaredError", optimizer: "adam" });
  const x = tf.randomNormal([40, 2]);
  notebook.run = await model.fit(x, x.sum(1, true), { epochs: 1, verbose: 0 });
  notebook.model = model;
  notebook.raw = model.predict(x.mul(2).add(1));
}

/** By hand, with variables of given names. */
function ownLoop() {
  const w = tf.variable(tf.zeros([64]), true, "w");
  const optimizer = tf.train.adam(0.1);
  for (let step = 0; step < 3; step++) optimizer.minimize(() => w.sub(1).square().sum());
  notebook.w = w;
  notebook.optimizer = optimizer;
}

describe.each(backends)("a training cell that runs again and again on %s", (backend) => {
  it.each([
    ["with fit and predict", 1000, ownTraining],
    ["with model.fit and model.predict", 300, stockTraining],
    ["with a loop of its own", 1000, ownLoop],
  ])("%s, %i times, holds the tensors of one run and no memory of the others", async (_, reruns, cell) => {
    await onBackend(backend, async () => {
      const begin = { tensors: 0, mb: 0 };
      for (let run = 0; run < reruns; run++) {
        await cell();
        await setImmediate(); // as between two runs of a cell in a notebook
        // What V8 has not looked at yet is no leak; it would let garbage grow to 200 MB before.
        if (run % 50 === 49) relieve();
        if (run === 99) Object.assign(begin, { tensors: tf.memory().numTensors, mb: process.memoryUsage.rss() / mb });
      }
      const end = { tensors: tf.memory().numTensors, mb: process.memoryUsage.rss() / mb };
      expect(end.tensors).toBe(begin.tensors);
      expect(end.mb - begin.mb).toBeLessThan(60);
      for (const name of Object.keys(notebook)) delete notebook[name];
      await expectNothingLeft();
    });
  });
});
