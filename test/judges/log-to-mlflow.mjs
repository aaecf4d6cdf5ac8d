// Trains and logs to an MLflow server: `node log-to-mlflow.mjs URI`, and says on one line what was logged.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fit, MLflow, mlp } from "../../dist/src/index.js";

const [uri, folder] = process.argv.slice(2);
const note = join(folder, "note.txt");
writeFileSync(note, "two moons\n");
const x = Array.from({ length: 40 }, (_, i) => [i % 7, (3 * i) % 11]);
const y = x.map(([a, b]) => Number(a > b));
const train = async (title, options) => {
  const logger = new MLflow({ uri, experiment: "judged runs/1", artifacts: [note] });
  const run = await fit(mlp({ inputs: 2, outputs: 2, hidden: [4] }), {
    train: { x, y },
    loss: "crossEntropy",
    epochs: 3,
    batchSize: 8,
    title,
    ...options,
    callbacks: [logger, ...(options.callbacks ?? [])],
  }).catch((error) => ({ reason: error.message, history: { toRows: () => [] } }));
  return { runId: logger.runId, reason: run.reason, history: run.history.toRows() };
};
const good = await train("good", { learningRate: 0.05, validation: { x, y } });
const diverged = await train("diverged", { learningRate: 1e30, optimizer: "sgd" });
let steps = 0;
const loss = (yTrue, yPred) => {
  if (++steps > 3) throw new Error("no such column");
  return yPred.square().mean().add(yTrue.toFloat().mean().mul(0));
};
const failed = await train("failed", { loss, compile: false });
// Two epochs by hand, with what no training reports when all goes well.
const logger = new MLflow({ uri, experiment: "judged runs/1" });
const task = { name: "odd", runId: "by hand", setup: {}, learningRate: 0.1 };
await logger.onTrainBegin(task);
await logger.onEpochEnd({ index: 0 }, { loss: Number.NaN, 'top "5" %': 1 });
await logger.onEpochEnd({ index: 1 }, { loss: Number.POSITIVE_INFINITY });
await logger.onTrainEnd(task, { status: "completed", reason: "By hand.", metrics: {} });
const odd = { runId: logger.runId };
process.stdout.write(JSON.stringify({ good, diverged, failed, odd }));
