// The tensorflow backend itself: run with ETUDE_BACKEND=tensorflow and ETUDE_NATIVE, after etude setup native.
import { beforeEach, describe, expect, it } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";
import { nets } from "../parity/nets.js";
import { difference, train } from "../parity/train.js";

beforeEach(async () => {
  await tf.setBackend("tensorflow");
});

describe("six Adam steps on tensorflow and on cpu end at the same losses and weights", () => {
  it.each(nets.map((net) => [net.name, net] as const))("%s", async (_, net) => {
    const expected = await train(tf, "cpu", net);
    const got = await train(tf, "tensorflow", net);
    expect(difference(got, expected)).toBeLessThan(1e-5);
  });
});

it("two runs of every net are equal to the last bit", async () => {
  for (const net of nets) expect(await train(tf, "tensorflow", net)).toEqual(await train(tf, "tensorflow", net));
});

describe("memory", () => {
  it("a thousand steps leave no tensor and no memory behind", () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [10, 10, 2], activation: "relu" }),
        tf.layers.batchNormalization(),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 3 }),
      ],
    });
    const [x, y] = [tf.ones([6, 10, 10, 2]), tf.zeros([6, 3])];
    const optimizer = tf.train.adam(0.01);
    const steps = (count: number) => {
      for (let step = 0; step < count; step++) {
        const loss = () => tf.losses.meanSquaredError(y, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar;
        tf.tidy(() => void optimizer.minimize(loss));
      }
    };
    steps(200);
    const before = [tf.memory().numTensors, nativeTensors()];
    const memory = residentMegabytes();
    steps(1000);
    expect([tf.memory().numTensors, nativeTensors()]).toEqual(before);
    expect(residentMegabytes() - memory).toBeLessThan(30);
  });

  it("large tensors give theirs back when they are disposed", () => {
    const values = new Float32Array(2_500_000); // 10 MB
    const rounds = (count: number) => {
      for (let i = 0; i < count; i++) tf.tidy(() => void tf.add(tf.tensor(values), 1));
    };
    rounds(10);
    const before = residentMegabytes();
    rounds(20);
    expect(residentMegabytes() - before).toBeLessThan(60);
  });
});

describe("values", () => {
  it("of a tensor stay those that it was made from, whatever becomes of the array", () => {
    // Addresses decide whether TensorFlow could have used the array's memory itself, so several are tried.
    for (let size = 60; size < 100; size++) {
      const values = new Float32Array(size).fill(1);
      const tensor = tf.tensor(values);
      values.fill(2);
      const sum = tf.add(tensor, 1);
      values.fill(3);
      expect([tensor, sum, tf.add(tensor, 1)].map((made) => made.dataSync()[0])).toEqual([1, 2, 2]);
    }
  });

  it("that dataSync gives can be changed without changing the tensor", () => {
    const tensor = tf.tensor([1, 2, 3]);
    tensor.dataSync().fill(9);
    tf.add(tensor, 0).dataSync().fill(9);
    expect([...tensor.dataSync()]).toEqual([1, 2, 3]);
  });

  it("of every type come back as they were given", () => {
    expect(tf.tensor(["one", "two", "ä"]).arraySync()).toEqual(["one", "two", "ä"]);
    expect(tf.tensor([true, false], [2], "bool").arraySync()).toEqual([1, 0]);
    expect(tf.tensor([7, -1], [2], "int32").arraySync()).toEqual([7, -1]);
    expect(tf.tensor([], [0, 3]).arraySync()).toEqual([]);
    expect([...tf.real(tf.complex([1, 2], [3, 4])).dataSync()]).toEqual([1, 2]);
  });

  it("go from wasm to tensorflow and back", async () => {
    await tf.setBackend("wasm");
    const made = tf.tensor([1, 2, 3]);
    await tf.setBackend("tensorflow");
    const doubled = tf.mul(made, 2);
    expect([...doubled.dataSync()]).toEqual([2, 4, 6]);
    await tf.setBackend("wasm");
    expect([...tf.add(doubled, made).dataSync()]).toEqual([3, 6, 9]);
  });
});

describe("what tfjs-node lacks", () => {
  it("is nothing that cpu has", async () => {
    await tf.setBackend("cpu");
    const names = (backend: string) => tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName);
    const own = new Set(names("tensorflow"));
    expect(names("cpu").filter((name) => !own.has(name))).toEqual([]);
  });

  const image = () => tf.tensor4d(Float32Array.from({ length: 75 }, Math.sqrt), [1, 5, 5, 3]);
  const ints = (...values: number[]) => tf.tensor1d(values, "int32");
  const operations: Record<string, () => tf.Tensor | tf.Tensor[]> = {
    rotateWithOffset: () => tf.image.rotateWithOffset(image(), 0.3),
    transform: () => tf.image.transform(image(), tf.tensor2d([1, 0, 1, 0, 1, 0, 0, 0], [1, 8])),
    denseBincount: () => tf.denseBincount(ints(1, 2, 1), tf.tensor1d([]), 4),
    searchSorted: () => tf.searchSorted(tf.tensor1d([1, 3, 5]), tf.tensor1d([0, 4, 9])),
    maxPoolWithArgmax: () => Object.values(tf.maxPoolWithArgmax(image(), 2, 2, "valid")),
    sparseSegmentMean: () => tf.sparse.sparseSegmentMean(tf.tensor2d([1, 2, 3, 4], [2, 2]), ints(0, 1), ints(0, 0)),
    stringSplit: () => Object.values(tf.string.stringSplit(tf.tensor1d(["a b", "c"]), " ")),
  };

  it.each(Object.entries(operations))("is computed as on cpu and leaves nothing behind: %s", async (_, operation) => {
    const results: Record<string, unknown> = {};
    for (const backend of ["cpu", "tensorflow"]) {
      await tf.setBackend(backend);
      const counts = () => [tf.memory().numTensors, tf.memory().numDataBuffers, tf.findBackend("cpu").numDataIds()];
      const before = counts();
      tf.tidy(() => {
        results[backend] = [operation()].flat().map((tensor) => [tensor.shape, tensor.arraySync()]);
      });
      expect(counts()).toEqual(before);
    }
    expect(results.tensorflow).toEqual(results.cpu);
  });
});

function nativeTensors(): number {
  return (tf.backend() as tf.KernelBackend & { getNumOfTFTensors(): number }).getNumOfTFTensors();
}

function residentMegabytes(): number {
  globalThis.gc!();
  return process.memoryUsage().rss / 1e6;
}
