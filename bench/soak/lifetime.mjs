// Tensors over a long session: node bench/soak/lifetime.mjs [runs] (build first). Training cells that run again and again
// in a real kernel, on each backend: tensors and memory of the user process after each tenth. Then a loop that never
// awaits and makes 8 GB of tensors.
import { readFileSync } from "node:fs";
import { cleanUp, conclude, evaluate, median, residentMb, rounded, shutDown, startKernel } from "./kernel.mjs";

const runs = Number(process.argv[2] ?? 1000);
const backends = ["wasm", "cpu"];
const cells = {
  fit: `const model = mlp({ inputs: 2, outputs: 2, hidden: [64], seed: 1 });
    const run = await fit(model, { train: { x, y }, loss: "crossEntropy", epochs: 2 });
    const predicted = await predict(model, x);
    run`,
  "model.fit": `const stock = tf.sequential();
    stock.add(tf.layers.dense({ units: 64, activation: "relu", inputShape: [2] }));
    stock.add(tf.layers.dense({ units: 1 }));
    stock.compile({ loss: "meanSquaredError", optimizer: "adam" });
    const inputs = tf.tensor(x);
    const history = await stock.fit(inputs, inputs.sum(1, true), { epochs: 2, verbose: 0 });
    const outputs = stock.predict(inputs.mul(2).add(1)) as tf.Tensor;
    outputs`,
};
const loop = `let z = tf.zeros([2 ** 20]);
  for (let i = 0; i < 2000; i++) z = z.add(1);
  z.dataSync()[0]`;

function childOf(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
  return children.find((child) => !readFileSync(`/proc/${child}/cmdline`, "utf8").includes("--lsp"));
}

async function timed(client, code) {
  const begun = performance.now();
  const { reply } = await client.request("execute_request", { code });
  if (reply.content.status !== "ok") throw new Error(`${code}: ${reply.content.evalue}`);
  return performance.now() - begun;
}

async function soak(backend) {
  const kernel = await startKernel({ env: { ETUDE_BACKEND: backend } });
  const { client } = kernel;
  await timed(
    client,
    "const x = Array.from({ length: 64 }, (_, i) => [i / 64, 1 - i / 64]); const y = x.map(([a]) => (a! > 0.5 ? 1 : 0));",
  );
  const user = childOf(kernel.launched.process.pid);
  const figures = {};
  for (const [name, cell] of Object.entries(cells)) {
    const rows = [];
    for (let tenth = 1; tenth <= 10; tenth++) {
      const times = [];
      for (let i = 0; i < runs / 10; i++) times.push(await timed(client, cell));
      const tensors = Number(await evaluate(client, "tf.memory().numTensors"));
      rows.push({ runs: (tenth * runs) / 10, medianMs: rounded(median(times)), tensors, userMb: residentMb(user) });
      console.log(backend, name, JSON.stringify(rows.at(-1)));
    }
    figures[name] = rows;
  }
  const loopMs = rounded(await timed(client, loop));
  figures.loop = { tensors: 2000, mbEach: 4, ms: loopMs, userMb: residentMb(user) };
  console.log(backend, JSON.stringify(figures.loop));
  await shutDown(kernel);
  cleanUp(kernel);
  return figures;
}

const figures = { runs };
for (const backend of backends) figures[backend] = await soak(backend);
const tenths = backends.flatMap((backend) => Object.keys(cells).map((name) => figures[backend][name]));
conclude("lifetime", figures, {
  "a cell that trains again holds as many tensors as the first time": tenths.every(
    (rows) => rows.at(-1).tensors === rows[0].tensors,
  ),
  "the user process grows by at most 60 MB from the first tenth to the last": tenths.every(
    (rows) => rows.at(-1).userMb - rows[0].userMb <= 60,
  ),
  "a loop that never awaits stays below 1 GB": backends.every((backend) => figures[backend].loop.userMb < 1000),
});
