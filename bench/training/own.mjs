// The same protocol as peers.py for this library: `node own.mjs compiled|eager`.
import { createInterface } from "node:readline";
import { fit, predict, tf } from "../../dist/src/index.js";
import { data, nets } from "./nets.mjs";

const compile = process.argv[2] !== "eager";
const kept = new Map();

async function measure(name, seconds) {
  if (name === "predict") return 10_000 * (await predictRate(seconds));
  if (name === "first step") return firstStepMs();
  const net = nets[name];
  const { model, train } = kept.get(name) ?? { model: net.make(), train: data(net) };
  kept.set(name, { model, train });
  const marks = [performance.now()];
  const end = marks[0] + seconds * 1000;
  const clock = {
    onEpochEnd() {
      marks.push(performance.now());
      return marks.length > 3 && performance.now() > end ? "stop" : undefined;
    },
  };
  const options = { batchSize: net.batch, loss: "crossEntropy", metrics: [], callbacks: [clock], compile };
  const run = await fit(model, { train, epochs: 1_000_000, ...options });
  if (compile && run.notCompiled) throw new Error(run.notCompiled);
  return net.steps / (median(marks.slice(2).map((mark, i) => mark - marks[i + 1])) / 1000);
}

async function predictRate(seconds) {
  const model = nets["MLP 784-512-256-10"].make();
  const rows = tf.zeros([10_000, 784]);
  const times = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end || times.length < 3) {
    const start = performance.now();
    await predict(model, rows, { loss: "crossEntropy" });
    times.push(performance.now() - start);
  }
  return 1000 / median(times);
}

/** From an untrained ResNet-20 to the end of its first step, compiling included. */
async function firstStepMs() {
  const net = { ...nets["ResNet-20 32x32"], steps: 1 };
  const [model, train] = [net.make(), data(net)];
  const start = performance.now();
  await fit(model, {
    train,
    epochs: 1,
    batchSize: net.batch,
    loss: "crossEntropy",
    metrics: [],
    callbacks: [],
    compile,
  });
  return performance.now() - start;
}

function median(list) {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
}

console.log(tf.version_core);
for await (const line of createInterface({ input: process.stdin })) {
  const [name, seconds] = line.split("\t");
  console.log(await measure(name, Number(seconds)));
}
