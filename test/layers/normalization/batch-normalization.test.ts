import { describe, expect, it } from "@jest/globals";
import { Matrix } from "../../../src/core/matrix.js";
import { RandomStream } from "../../../src/core/random.js";
import { tf } from "../../../src/engine/tf.js";
import { layers } from "../../../src/layers/layers.js";
import { buildModel, describeModel } from "../../../src/models/model-description.js";
import { fit } from "../../../src/training/fit.js";
import { layerContract, readFixture } from "../../contracts/layer.js";

const fixture = readFixture("normalization");

layerContract("batchNormalization", {
  make: () => layers.batchNormalization(),
  inputShape: [3, 2, 5],
  fixture: fixture("batchNormalization"),
});
layerContract("batchNormalization with a momentum", {
  make: () => layers.batchNormalization({ momentum: 0.9 }),
  inputShape: [3, 2, 5],
  fixture: fixture("batchNormalization, training"),
});
layerContract("batchNormalization that is frozen", {
  make: () => layers.batchNormalization({ trainable: false }),
  inputShape: [3, 5],
  fixture: { ...fixture("batchNormalization, frozen"), training: true },
});
layerContract("batchNormalization along the rows", {
  make: () => layers.batchNormalization({ axis: 1 }),
  inputShape: [3, 5],
  fixture: fixture("batchNormalization along the rows, training"),
});
layerContract("batchNormalization without gamma", {
  make: () => layers.batchNormalization({ scale: false }),
  inputShape: [5],
  fixture: fixture("batchNormalization without gamma, training"),
});
layerContract("batchNormalization without beta", {
  make: () => layers.batchNormalization({ center: false }),
  inputShape: [5],
  fixture: fixture("batchNormalization without beta, training"),
});
layerContract("batchNormalization without either", {
  make: () => layers.batchNormalization({ center: false, scale: false }),
  inputShape: [5],
});

layerContract("batchNormalization of videos", {
  make: () => layers.batchNormalization(),
  inputShape: [2, 2, 2, 3],
  fixture: [fixture("batchNormalization of videos"), fixture("batchNormalization of videos, training")],
});
layerContract("batchNormalization along the first axis of videos", {
  make: () => layers.batchNormalization({ axis: 1 }),
  inputShape: [3, 2, 2, 2],
  fixture: fixture("batchNormalization along the first axis of videos, training"),
});

layerContract("batchNormalization of masked steps", {
  make: () => layers.batchNormalization({ momentum: 0.9 }),
  inputShape: [3, 5],
  fixture: [fixture("batchNormalization, masked"), fixture("batchNormalization, masked, training")],
});
layerContract("batchNormalization along masked steps", {
  make: () => layers.batchNormalization({ axis: 1, scale: false }),
  inputShape: [3, 5],
  fixture: fixture("batchNormalization along the rows, masked, training"),
});
layerContract("batchNormalization of rows that are all masked", {
  make: () => layers.batchNormalization(),
  inputShape: [3, 5],
  fixture: fixture("batchNormalization of rows that are all masked, training"),
});
layerContract("batchNormalization of masked steps that is frozen", {
  make: () => layers.batchNormalization({ trainable: false }),
  inputShape: [3, 5],
  fixture: fixture("batchNormalization, frozen, masked"),
});
layerContract("batchNormalization behind an embedding with a mask", {
  make: () => (x) => {
    const embedded = layers.embedding({ inputDim: 5, outputDim: 3, maskZero: true }).apply(x);
    return layers.batchNormalization().apply(embedded) as tf.SymbolicTensor;
  },
  inputShape: [4],
  ids: 5,
});

it("a mask of steps counts for all places of a video", () => {
  const x = tf.randomNormal([2, 3, 2, 2, 4], 1, 2, "float32", 3);
  const mask = tf.tensor2d([
    [1, 1, 0],
    [1, 0, 0],
  ]);
  const layer = layers.batchNormalization({ momentum: 0 });
  layer.apply(x, { training: true, mask });
  const seen = tf.concat([tf.slice(x, [0, 0], [1, 2]), tf.slice(x, [1, 0], [1, 1])], 1);
  const { mean, variance } = tf.moments(seen, [0, 1, 2, 3]);
  const [, , movingMean, movingVariance] = layer.getWeights();
  expect(tf.max(tf.abs(tf.sub(movingMean!, mean))).dataSync()[0]).toBeLessThan(1e-5);
  expect(tf.max(tf.abs(tf.sub(movingVariance!, variance))).dataSync()[0]).toBeLessThan(1e-5);
});

/** Batch normalisation between two dense layers, which a `tf.layers` model of one's own has, too. */
function network(around: "nothing" | "model" | "models" = "nothing", options = {}) {
  const dense = (units: number, seed: number) =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotUniform({ seed }) });
  const norm = tf.layers.batchNormalization({ momentum: 0.5, ...options });
  let base: tf.layers.Layer = norm;
  for (let i = 0; i < { nothing: 0, model: 1, models: 2 }[around]; i++) {
    const input = tf.input({ shape: [4] });
    base = tf.model({ inputs: input, outputs: base.apply(input) as tf.SymbolicTensor });
  }
  const model = tf.sequential();
  const first = dense(4, 1);
  model.add(tf.layers.inputLayer({ inputShape: [3] }));
  for (const layer of [first, base, dense(1, 2)]) model.add(layer);
  return { model, norm, base };
}

const nRows = 16;
const random = RandomStream.of(1, "data");
const x = new Matrix(
  Float64Array.from({ length: nRows * 3 }, () => 3 + 2 * random.normal()),
  nRows,
  3,
);
const y = Float64Array.from({ length: nRows }, (_, i) => x.row(i)[0]! - 1);

async function train(model: tf.LayersModel, compile: boolean) {
  const run = await fit(model, {
    train: { x, y },
    loss: "meanSquaredError",
    optimizer: "sgd",
    learningRate: 0.001,
    epochs: 3,
    batchSize: 8,
    compile,
    callbacks: [],
  });
  expect(run.status).toBe("completed");
}

const numbers = (layer: tf.layers.Layer) => layer.weights.map((weight) => Array.from(weight.read().dataSync()));
const isCompiled = [true, false];

describe.each(isCompiled)("fit (compile: %s)", (compile) => {
  it.each(["nothing", "model", "models"] as const)(
    "leaves batch normalisation that is frozen with %s around it as it is, and trains the rest",
    async (around) => {
      const { model, norm, base } = network(around);
      base.trainable = false;
      const [kept, head] = [numbers(norm), numbers(model.layers.at(-1)!)];
      await train(model, compile);
      expect(numbers(norm)).toEqual(kept);
      expect(numbers(model.layers.at(-1)!)).not.toEqual(head);
      model.dispose();
    },
  );

  it("leaves the statistics of one without weights that train, frozen through its model", async () => {
    const { model, norm, base } = network("model", { center: false, scale: false });
    base.trainable = false;
    const kept = numbers(norm);
    await train(model, compile);
    expect(numbers(norm)).toEqual(kept);
    model.dispose();
  });

  it.each(["nothing", "models"] as const)(
    "goes by what `trainable` is when it starts, with %s around the layer",
    async (around) => {
      const { model, norm, base } = network(around);
      const moved = [];
      for (const trainable of [true, false, true, false]) {
        base.trainable = trainable;
        const [gamma, beta, mean, variance] = numbers(norm);
        await train(model, compile);
        const after = numbers(norm);
        const isMoved = [gamma, beta, mean, variance].map((before, i) => String(before) !== String(after[i]));
        expect(new Set(isMoved).size).toBe(1);
        moved.push(isMoved[0]);
      }
      expect(moved).toEqual([true, false, true, false]);
      model.dispose();
    },
  );

  it("gives the numbers of the other way to run, frozen and not", async () => {
    const [own, other] = [network("model"), network("model")];
    for (const trainable of [true, false]) {
      for (const { base } of [own, other]) base.trainable = trainable;
      await train(own.model, compile);
      await train(other.model, !compile);
    }
    const [got, expected] = [numbers(own.model).flat(), numbers(other.model).flat()];
    for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, 5);
    own.model.dispose();
    other.model.dispose();
  });
});

describe("`trainable` of a model", () => {
  it("reaches every layer in it, also through models", () => {
    const { model, norm } = network("models");
    model.trainable = false;
    expect(norm.trainable).toBe(false);
    expect(model.trainableWeights).toEqual([]);
    model.trainable = true;
    expect(norm.trainable).toBe(true);
    expect(model.trainableWeights).toHaveLength(6);
    model.dispose();
  });

  it("stays with layers that another model takes from it", () => {
    const { model: base, norm } = network();
    base.trainable = false;
    const features = norm.output as tf.SymbolicTensor;
    const model = tf.model({
      inputs: base.inputs,
      outputs: tf.layers.dense({ units: 1 }).apply(features) as tf.SymbolicTensor,
    });
    tf.tidy(() => {
      const rows = tf.randomNormal([nRows, 3], 3);
      const [training, use] = [true, false].map((training) => model.apply(rows, { training }) as tf.Tensor);
      expect(Array.from(training!.dataSync())).toEqual(Array.from(use!.dataSync()));
    });
    model.dispose();
  });

  it("leaves a layer frozen that was before it came into a sequential model", () => {
    const { norm, model } = network("nothing", { trainable: false });
    model.build();
    expect(norm.trainable).toBe(false);
    model.dispose();
  });

  it("is saved layer by layer, also where a layer trains in a frozen model", () => {
    const { model, norm, base } = network("model");
    base.trainable = false;
    norm.trainable = true;
    const loaded = buildModel(describeModel(model));
    const inner = loaded.layers.find((layer) => layer instanceof tf.LayersModel) as tf.LayersModel;
    expect([inner.trainable, inner.layers.at(-1)!.trainable, loaded.layers.at(-1)!.trainable]).toEqual([
      false,
      true,
      true,
    ]);
    model.dispose();
    loaded.dispose();
  });
});
