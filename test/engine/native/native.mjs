// The tensorflow backend itself, for Node's own test runner: run with ETUDE_BACKEND=tensorflow and ETUDE_NATIVE set.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tf } from "../../../dist/src/index.js";
import { nets, train } from "./nets.mjs";

describe("six training steps on tensorflow end where those on cpu end, within 1e-5:", () => {
  for (const [name, make] of Object.entries(nets)) {
    it(name, async () => {
      await tf.setBackend("tensorflow");
      const native = await train(tf, make);
      await tf.setBackend("cpu");
      const reference = await train(tf, make);
      await tf.setBackend("tensorflow");
      const differences = native.map(
        (value, i) => Math.abs(value - reference[i]) / Math.max(1, Math.abs(reference[i])),
      );
      assert.equal(native.length, reference.length);
      assert.ok(Math.max(...differences) < 1e-5, `the largest difference is ${Math.max(...differences)}`);
    });
  }
});

it("every kernel of cpu is there", async () => {
  await tf.setBackend("cpu");
  const names = (backend) => tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName);
  const own = new Set(names("tensorflow"));
  assert.deepEqual(
    names("cpu").filter((name) => !own.has(name)),
    [],
  );
  await tf.setBackend("tensorflow");
});

describe("what tfjs-node lacks is the same as on cpu and leaves nothing behind:", () => {
  const image = () => tf.tensor4d(Float32Array.from({ length: 75 }, Math.sqrt), [1, 5, 5, 3]);
  const operations = {
    rotateWithOffset: () => tf.image.rotateWithOffset(image(), 0.3),
    transform: () => tf.image.transform(image(), tf.tensor2d([1, 0, 1, 0, 1, 0, 0, 0], [1, 8])),
    denseBincount: () => tf.denseBincount(tf.tensor1d([1, 2, 1], "int32"), tf.tensor1d([]), 4),
    searchSorted: () => tf.searchSorted(tf.tensor1d([1, 3, 5]), tf.tensor1d([0, 4, 9])),
    maxPoolWithArgmax: () => Object.values(tf.maxPoolWithArgmax(image(), 2, 2, "valid")),
    sparseSegmentMean: () =>
      tf.sparse.sparseSegmentMean(
        tf.tensor2d([1, 2, 3, 4], [2, 2]),
        tf.tensor1d([0, 1], "int32"),
        tf.tensor1d([0, 0], "int32"),
      ),
    stringSplit: () => Object.values(tf.string.stringSplit(tf.tensor1d(["a b", "c"]), " ")),
  };
  for (const [name, operation] of Object.entries(operations)) {
    it(name, async () => {
      const results = {};
      for (const backend of ["cpu", "tensorflow"]) {
        await tf.setBackend(backend);
        const counts = () => [tf.memory().numTensors, tf.memory().numDataBuffers, tf.findBackend("cpu").numDataIds()];
        const before = counts();
        results[backend] = tf.tidy(() => [operation()].flat().map((tensor) => [tensor.shape, tensor.arraySync()]));
        assert.deepEqual(counts(), before);
      }
      assert.deepEqual(results.tensorflow, results.cpu);
    });
  }
});

it("two runs are equal to the last bit", async () => {
  for (const make of Object.values(nets)) assert.deepEqual(await train(tf, make), await train(tf, make));
});

it("a thousand steps leave no tensor and no memory behind", async () => {
  const make = nets["convolutions with batch normalisation and max-pooling"];
  const { model, x, y } = make(tf);
  for (let step = 0; step < 200; step++) await model.trainOnBatch(x, y);
  const before = {
    tensors: tf.memory().numTensors,
    native: tf.backend().getNumOfTFTensors(),
    rss: residentMegabytes(),
  };
  for (let step = 0; step < 1000; step++) await model.trainOnBatch(x, y);
  assert.equal(tf.memory().numTensors, before.tensors);
  assert.equal(tf.backend().getNumOfTFTensors(), before.native);
  const growth = residentMegabytes() - before.rss;
  assert.ok(growth < 30, `the process grew by ${growth} MB`);
});

it("tensors made from large arrays give their memory back when they are disposed", () => {
  const values = new Float32Array(2_500_000); // 10 MB
  const rounds = (n) => {
    for (let i = 0; i < n; i++) tf.dispose([tf.tensor(values), tf.add(tf.tensor(values), 1)]);
  };
  const start = tf.memory().numTensors;
  tf.tidy(() => rounds(10));
  const before = residentMegabytes();
  tf.tidy(() => rounds(10));
  assert.equal(tf.memory().numTensors, start);
  assert.ok(residentMegabytes() - before < 60);
});

it("a tensor keeps the values that it was made from, whatever becomes of the array", () => {
  // Addresses decide whether TensorFlow could have used the array's memory itself, so several are tried.
  for (let size = 60; size < 100; size++) {
    const values = new Float32Array(size).fill(1);
    const tensor = tf.tensor(values);
    values.fill(2);
    const sum = tf.add(tensor, 1);
    values.fill(3);
    assert.deepEqual([tensor.dataSync()[0], sum.dataSync()[0], tf.add(tensor, 1).dataSync()[0]], [1, 2, 2]);
    tf.dispose([tensor, sum]);
  }
});

it("what dataSync gives can be changed without changing the tensor", () => {
  const tensor = tf.tensor([1, 2, 3]);
  tensor.dataSync().fill(9);
  tf.add(tensor, 0).dataSync().fill(9);
  assert.deepEqual([...tensor.dataSync()], [1, 2, 3]);
});

it("texts, booleans, integers and empty tensors come back as they were given", () => {
  assert.deepEqual(tf.tensor(["one", "two", "ä"]).arraySync(), ["one", "two", "ä"]);
  assert.deepEqual(tf.tensor([true, false], [2], "bool").arraySync(), [1, 0]);
  assert.deepEqual(tf.tensor([7, -1], [2], "int32").arraySync(), [7, -1]);
  assert.deepEqual(tf.tensor([], [0, 3]).shape, [0, 3]);
  assert.deepEqual(tf.complex([1, 2], [3, 4]).shape, [2]);
});

it("a tensor goes from wasm to tensorflow and back with its values", async () => {
  await tf.setBackend("wasm");
  const made = tf.tensor([1, 2, 3]);
  await tf.setBackend("tensorflow");
  const doubled = tf.mul(made, 2);
  assert.deepEqual([...doubled.dataSync()], [2, 4, 6]);
  await tf.setBackend("wasm");
  assert.deepEqual([...tf.add(doubled, made).dataSync()], [3, 6, 9]);
  await tf.setBackend("tensorflow");
});

function residentMegabytes() {
  globalThis.gc();
  return process.memoryUsage().rss / 1e6;
}
