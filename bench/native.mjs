// Eager training steps on tensorflow, wasm and cpu, in one process: node bench/native.mjs (npm run build and etude setup
// native first). The backends take turns, so a noisy minute hits all of them.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tf } from "../dist/src/index.js";
import { here, machine, median, round } from "./peers.mjs";

const rounds = Number(process.env.ROUNDS ?? 5);
const turnMs = 1500;
const backends = ["tensorflow", "wasm", "cpu"];

const { conv2d, maxPooling2d, flatten, dense } = tf.layers;
const nets = {
  "MLP 64-64-10, batch 32": {
    x: [32, 64],
    layers: () => [dense({ units: 64, activation: "relu", inputShape: [64] }), dense({ units: 10 })],
  },
  "MLP 784-512-256-10, batch 64": {
    x: [64, 784],
    layers: () => [
      dense({ units: 512, activation: "relu", inputShape: [784] }),
      dense({ units: 256, activation: "relu" }),
      dense({ units: 10 }),
    ],
  },
  "CNN 28x28, conv 32, conv 64, batch 64": {
    x: [64, 28, 28, 1],
    layers: () => [
      conv2d({ filters: 32, kernelSize: 3, activation: "relu", inputShape: [28, 28, 1] }),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ filters: 64, kernelSize: 3, activation: "relu" }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: 64, activation: "relu" }),
      dense({ units: 10 }),
    ],
  },
};

/** A step of Adam on data of its own, on the backend that is current now. */
function stepOf({ x: shape, layers }) {
  const model = tf.sequential({ layers: layers() });
  const x = tf.randomNormal(shape, 0, 1, "float32", 1);
  const y = tf.oneHot(tf.range(0, shape[0], 1, "int32").mod(tf.scalar(10, "int32")), 10);
  const optimizer = tf.train.adam(0.001);
  const loss = () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }));
  return () => tf.tidy(() => optimizer.minimize(loss, true).dataSync());
}

function stepsPerSecond(step) {
  let steps = 0;
  const begun = performance.now();
  while (performance.now() - begun < turnMs) {
    step();
    steps++;
  }
  return (1000 * steps) / (performance.now() - begun);
}

const results = {};
for (const [name, net] of Object.entries(nets)) {
  const steps = {};
  for (const backend of backends) {
    await tf.setBackend(backend);
    steps[backend] = stepOf(net);
    stepsPerSecond(steps[backend]); // warm
  }
  const speeds = Object.fromEntries(backends.map((backend) => [backend, []]));
  for (let turn = 0; turn < rounds; turn++) {
    for (const backend of backends) {
      await tf.setBackend(backend);
      speeds[backend].push(stepsPerSecond(steps[backend]));
    }
  }
  results[name] = Object.fromEntries(backends.map((backend) => [backend, round(median(speeds[backend]))]));
  results[name].tensorflowToWasm = round(results[name].tensorflow / results[name].wasm);
}
await tf.setBackend("tensorflow");
const versions = { node: process.versions.node, tensorflow: tf.backend().binding.TF_Version, tfjs: tf.version_core };
console.table(results);
const report = { date: new Date().toISOString(), machine, versions, rounds, stepsPerSecond: results };
writeFileSync(join(here, "results", "native.json"), `${JSON.stringify(report, null, 2)}\n`);
