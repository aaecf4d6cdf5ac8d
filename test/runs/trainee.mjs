// A process that trains, and is killed at a step: node trainee.mjs '{"net":"mlp","killAt":7}'. Prints what became of the run, as JSON.
import { createHash } from "node:crypto";
import {
  adam,
  EarlyStopping,
  fit,
  layers,
  Matrix,
  mlp,
  RandomStream,
  resume,
  schedules,
  seeded,
  tf,
} from "../../dist/src/index.js";

const { net = "mlp", killAt = null, id = null, epochs = 4, options = {} } = JSON.parse(process.argv[2]);

/** Rows whose class follows from the sum of their numbers. */
function rows(nRows, nColumns, seed) {
  const random = RandomStream.of(seed, "data");
  const x = Array.from({ length: nRows }, () => Array.from({ length: nColumns }, () => random.normal()));
  const y = Int32Array.from(x, (row) => (row.reduce((sum, value) => sum + value, 0) > 0 ? 1 : 0));
  return {
    x: Matrix.from(
      x,
      x[0].map((_, i) => `x${i}`),
    ),
    y,
  };
}

/** What is trained: one net of each kind of state that a checkpoint has to hold. */
const nets = {
  mlp: () => ({ model: mlp({ inputs: 6, outputs: 2, hidden: [16, 8] }), optimizer: "adam" }),
  dropout: () => ({
    model: mlp({ inputs: 6, outputs: 2, hidden: [16], dropout: 0.3, batchNorm: true }),
    optimizer: adam({
      learningRate: schedules.cosine({ initialLearningRate: 0.01, decaySteps: 40 }),
      clipNorm: 1,
      accumulate: 2,
      ema: { momentum: 0.9 },
    }),
  }),
  cnn: () => ({
    model: seeded(7, () =>
      tf.sequential({
        layers: [
          layers.reshape({ inputShape: [36], targetShape: [6, 6, 1] }),
          layers.conv2d({ filters: 4, kernelSize: 3, activation: "relu" }),
          layers.flatten(),
          layers.dense({ units: 2 }),
        ],
      }),
    ),
    optimizer: "rmsprop",
  }),
};

const killer = {
  name: "killer",
  onBatchEnd({ parent: { parent: fit } }) {
    if (fit.step === killAt) process.kill(process.pid, "SIGKILL");
  },
};
const callbacks = [new EarlyStopping({ patience: 50 }), ...(killAt === null ? [] : [killer])];

async function trained() {
  if (id !== null) return resume(id, { callbacks, checkpoint: { everySteps: 3 }, ...options });
  const nColumns = net === "cnn" ? 36 : 6;
  return fit(nets[net]().model, {
    train: rows(90, nColumns, 1),
    validation: rows(40, nColumns, 2),
    loss: "crossEntropy",
    optimizer: nets[net]().optimizer,
    batchSize: 8,
    epochs,
    checkpoint: { everySteps: 3 },
    callbacks,
    ...options,
  });
}

const run = await trained();
const digest = createHash("sha256");
for (const weight of run.model.getWeights()) digest.update(new Uint8Array(weight.dataSync().slice().buffer));
const { status, reason, restoredEpoch, history } = run;
const metrics = history.rows.map(({ epoch, metrics, learningRate }) => ({ epoch, ...metrics, learningRate }));
console.log(JSON.stringify({ id: run.id, status, reason, restoredEpoch, metrics, weights: digest.digest("hex") }));
