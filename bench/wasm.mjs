// One training step of two small CNNs on the wasm backend: Etude's kernels beside the stock ones with only the missing
// kernels added, each the short way. node bench/wasm.mjs (build first). Each engine has a process of its own; they take
// turns, so a noisy minute hits both. The losses differ in the net with batch norm, where Etude's are those of the cpu
// backend: the stock gradient of a max pool is wrong in windows without a positive value, and takes the last of equal ones.
import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const rounds = Number(process.env.ROUNDS ?? 12);
const segmentMs = 800;

if (process.argv[2]) await serve(process.argv[2]);
else await compare();

async function compare() {
  const engines = ["etude", "stock"];
  const processes = Object.fromEntries(engines.map((name) => [name, fork(fileURLToPath(import.meta.url), [name])]));
  const ask = async (name, request) => {
    processes[name].send(request);
    const [answer] = await once(processes[name], "message");
    return answer;
  };
  const results = {};
  for (const net of ["cnn", "cnnPlain"]) {
    const segments = { etude: [], stock: [] };
    const losses = {};
    for (const name of engines) losses[name] = (await ask(name, { net, ms: 2 * segmentMs, fresh: true })).firstLosses;
    for (let round = 0; round < rounds; round++) {
      for (const name of engines) segments[name].push((await ask(name, { net, ms: segmentMs })).stepsPerSecond);
    }
    const [etude, stock] = engines.map((name) => median(segments[name]));
    const ratio = median(segments.etude.map((speed, i) => speed / segments.stock[i]));
    results[net] = { etude: round2(etude), stock: round2(stock), ratio: round2(ratio), firstLosses: losses };
    console.log(`${net}: ${etude.toFixed(1)} steps/s, stock ${stock.toFixed(1)}, ratio ${ratio.toFixed(2)}`);
  }
  for (const child of Object.values(processes)) child.disconnect();
  const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version };
  const report = { date: new Date().toISOString(), machine, rounds, segmentMs, batch: 32, results };
  writeFileSync(join(here, "results", "wasm.json"), `${JSON.stringify(report, null, 2)}\n`);
}

/** Runs steps for as long as the parent says. */
async function serve(name) {
  const tf = name === "etude" ? (await import("../dist/src/engine/tf.js")).tf : await stockEngine();
  const nets = { cnn: makeNet(tf, true), cnnPlain: makeNet(tf, false) };
  process.on("message", ({ net, ms, fresh }) => {
    const step = nets[net];
    const firstLosses = fresh ? [step(), step(), step()] : undefined;
    const begun = performance.now();
    let steps = 0;
    while (performance.now() - begun < ms) {
      step();
      steps++;
    }
    process.send({ firstLosses, stepsPerSecond: (steps * 1000) / (performance.now() - begun) });
  });
}

function makeNet(tf, isNormalised) {
  const { layers } = tf;
  let seed = 1;
  const initializer = () => tf.initializers.glorotUniform({ seed: seed++ });
  const convolution = (filters, options = {}) =>
    layers.conv2d({
      filters,
      kernelSize: 3,
      padding: "same",
      activation: "relu",
      kernelInitializer: initializer(),
      ...options,
    });
  const model = tf.sequential({
    layers: [
      convolution(16, { inputShape: [28, 28, 1] }),
      ...(isNormalised ? [layers.batchNormalization()] : []),
      layers.maxPooling2d({ poolSize: 2 }),
      convolution(32),
      ...(isNormalised ? [layers.batchNormalization()] : []),
      layers.maxPooling2d({ poolSize: 2 }),
      ...(isNormalised ? [layers.dropout({ rate: 0.25, seed: 5 })] : []),
      layers.flatten(),
      layers.dense({ units: 10, kernelInitializer: initializer() }),
    ],
  });
  const x = tf.randomNormal([32, 28, 28, 1], 0, 1, "float32", 7);
  const labels = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: 32 }, (_, i) => (i * 7) % 10),
      "int32",
    ),
    10,
  );
  const optimizer = tf.train.adam(0.001);
  const variables = model.trainableWeights.map((weight) => weight.read());
  return () =>
    tf.tidy(() => {
      const loss = () => tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }));
      const { value, grads } = tf.variableGrads(loss, variables);
      optimizer.applyGradients(grads);
      return value.dataSync()[0];
    });
}

/** The stock parts with the one kernel that these nets lack: the filter gradient, as a convolution of stock kernels. */
async function stockEngine() {
  const require = createRequire(import.meta.url);
  const tf = { ...require("@tensorflow/tfjs-core"), ...require("@tensorflow/tfjs-layers") };
  const wasm = require("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")), "/"));
  tf.enableProdMode();
  await tf.setBackend("wasm");
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs, backend }) =>
      tf.tidy(() => {
        const asTensor = (info) => {
          backend.incRef(info.dataId);
          return tf.engine().makeTensorFromTensorInfo(info);
        };
        const { strides, pad, dimRoundingMode, filterShape } = attrs;
        const info = tf.backend_util.computeConv2DInfo(inputs.x.shape, filterShape, strides, 1, pad, dimRoundingMode);
        const { top, bottom, left, right } = info.padInfo;
        const padded = tf.pad(asTensor(inputs.x), [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ]);
        const images = tf.transpose(padded, [3, 1, 2, 0]);
        const filter = tf.transpose(asTensor(inputs.dy), [1, 2, 0, 3]);
        const product = tf.conv2d(images, filter, 1, "valid", "NHWC", [info.strideHeight, info.strideWidth]);
        const size = [info.inChannels, info.filterHeight, info.filterWidth, info.outChannels];
        return tf.transpose(tf.slice(product, [0, 0, 0, 0], size), [1, 2, 0, 3]);
      }),
  });
  return tf;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function round2(value) {
  return Math.round(value * 100) / 100;
}
