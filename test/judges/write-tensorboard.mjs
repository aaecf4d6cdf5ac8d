// Trains with event files: `node write-tensorboard.mjs FOLDER`, and says on one line what each epoch reported.
import { fit, mlp, TensorBoard } from "../../dist/src/index.js";

const [logDir] = process.argv.slice(2);
const x = Array.from({ length: 40 }, (_, i) => [i % 7, (3 * i) % 11]);
const y = x.map(([a, b]) => Number(a > b));
const run = await fit(mlp({ inputs: 2, outputs: 2, hidden: [4] }), {
  train: { x, y },
  validation: { x, y },
  loss: "crossEntropy",
  epochs: 4,
  batchSize: 8,
  learningRate: 0.05,
  callbacks: [new TensorBoard({ logDir, runName: "judged", everySteps: 5 })],
});
process.stdout.write(JSON.stringify({ history: run.history.toRows(), setup: { epochs: 4, batchSize: 8 } }));
