import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import type { Callback } from "../../src/callbacks/callback.js";
import { tf } from "../../src/engine/tf.js";
import { build } from "../../src/layers/build.js";
import { layers } from "../../src/layers/layers.js";
import { bundleOf } from "../../src/output/display.js";
import { fit } from "../../src/training/fit.js";
import type { FitOptions } from "../../src/training/fit-options.js";
import { clouds } from "./tiny.js";

const { x, y } = clouds();
// 40 rows in batches of 16: the last one is smaller.
const basics = { train: { x, y }, loss: "crossEntropy", epochs: 4, batchSize: 16, learningRate: 0.05 } as const;

const models: tf.LayersModel[] = [];
let tensorsBefore: number;
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
  expect(tf.memory().numTensors).toBe(tensorsBefore);
});

function disposedAfterwards(model: tf.LayersModel): tf.LayersModel {
  models.push(model);
  return model;
}

const newModel = () =>
  disposedAfterwards(mlp({ inputs: 2, outputs: 2, hidden: [8, 6], dropout: 0.2, batchNorm: true, l2: 0.01, seed: 3 }));

const weightsOf = (model: tf.LayersModel) => model.getWeights().map((weight) => Array.from(weight.dataSync()));

/** The same run compiled and operation by operation; each with options of its own. */
async function both(options: (model: tf.LayersModel) => Partial<FitOptions> = () => ({}), makeModel = newModel) {
  const train = async (compile: boolean) => {
    const model = makeModel();
    const run = await fit(model, { ...basics, ...options(model), compile } as FitOptions);
    return { run, weights: weightsOf(model) };
  };
  return { compiled: await train(true), eager: await train(false) };
}

function expectAlike({ compiled, eager }: Awaited<ReturnType<typeof both>>): void {
  expect(compiled.run.notCompiled).toBeNull();
  expect(eager.run.notCompiled).toBe("compile is false");
  const flat = ({ run, weights }: typeof eager) => [...run.history.values("loss"), ...weights.flat()];
  const expected = flat(eager);
  flat(compiled).forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThan(2e-4 * Math.max(1, Math.abs(expected[i]!)));
  });
}

describe("a compiled fit", () => {
  it("ends where one operation by operation ends: dropout, batch norm, l2 and a smaller last batch included", async () => {
    expectAlike(await both(() => ({ validation: { x, y } })));
  });

  it("is the same run for one seed, bit for bit", async () => {
    const [one, other] = [await both(), await both()];
    expect(one.compiled.weights).toEqual(other.compiled.weights);
    expect(one.compiled.run.history.rows.map(({ metrics }) => metrics)).toEqual(
      other.compiled.run.history.rows.map(({ metrics }) => metrics),
    );
  });

  it("notices that a callback freezes a layer", async () => {
    const runs = await both((model) => {
      const freeze: Callback = {
        onEpochBegin({ index }) {
          if (index === 2) model.layers[1]!.trainable = false;
        },
      };
      return { callbacks: [freeze] };
    });
    expectAlike(runs);
  });

  it("notices that a callback freezes a layer without trainable weights", async () => {
    const makeModel = () =>
      disposedAfterwards(
        build([2], (x) =>
          x.pipe(
            layers.batchNormalization({ scale: false, center: false, momentum: 0.5, name: "norm" }),
            layers.dense({ units: 2, kernelInitializer: "zeros" }),
          ),
        ),
      );
    const runs = await both((model) => {
      const freeze: Callback = {
        onEpochBegin({ index }) {
          if (index === 1) model.getLayer("norm").trainable = false;
        },
      };
      return { callbacks: [freeze] };
    }, makeModel);
    expectAlike(runs);
  });

  it("notices that a loss of the user's own changes between epochs", async () => {
    const runs = await both(() => {
      let weight = 1;
      const loss = (yTrue: tf.Tensor, yPred: tf.Tensor) => {
        return tf.mul(weight, tf.mean(tf.squaredDifference(tf.reshape(yTrue, [-1, 1]), yPred)));
      };
      return {
        loss,
        callbacks: [
          {
            onEpochEnd() {
              weight *= 3;
            },
          },
        ],
      };
    });
    expectAlike(runs);
  });

  it("goes on from weights that a callback assigned, and a callback sees the newest ones", async () => {
    const seen: number[][] = [];
    const runs = await both((model) => {
      const own: number[] = [];
      seen.push(own);
      const halve: Callback = {
        onBatchEnd() {
          own.push(model.getWeights()[0]!.dataSync()[0]!);
        },
        onEpochEnd() {
          tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.mul(weight, 0.5))));
        },
      };
      return { callbacks: [halve] };
    });
    expectAlike(runs);
    expect(seen[0]!.length).toBe(12);
    seen[0]!.forEach((value, i) => {
      expect(value).toBeCloseTo(seen[1]![i]!, 3);
    });
    expect(new Set(seen[0]).size).toBe(12);
  });

  it.each([
    ["adadelta", () => tf.train.adadelta(0.5)],
    ["momentum", () => tf.train.momentum(0.05, 0.9)],
    ["adamax", () => tf.train.adamax(0.02)],
  ])("takes tf.train.%s, whose state goes on in the next run", async (_, make) => {
    const made: tf.Optimizer[] = [];
    const runs = await both(() => {
      made.push(make());
      return { optimizer: made.at(-1)!, learningRate: undefined } as never;
    });
    expectAlike(runs);
    const before = runs.compiled.run.history.values("loss").at(-1)!;
    const again = await fit(runs.compiled.run.model, { ...basics, optimizer: made[0]!, learningRate: 0.01, epochs: 2 });
    expect(again.history.rows[0]!.learningRate).toBe(0.01);
    expect(again.history.values("loss")[0]).toBeLessThan(before * 1.5);
    for (const optimizer of made) optimizer.dispose();
  });

  it("goes back to the last good weights when it diverges, and names the layer", async () => {
    const runs = await both(() => ({ optimizer: "sgd", learningRate: 1e30 }));
    for (const { run, weights } of [runs.compiled, runs.eager]) {
      expect(run.status).toBe("diverged");
      expect(weights.flat().every(Number.isFinite)).toBe(true);
    }
    // Where the sum overflows is rounding; the place and the layer are not.
    const [compiled, eager] = [runs.compiled, runs.eager].map(({ run }) =>
      run.reason.replace(/NaN|Infinity/, "no number"),
    );
    expect(compiled).toBe(eager);
    expect(compiled).toMatch(/at step 2 of 3 \(the first outputs that were not finite are those of layer "hidden\d"\)/);
  });
});

describe("a step that cannot be a graph", () => {
  it("runs operation by operation, and the run says why in one sentence", async () => {
    const loss = (yTrue: tf.Tensor, yPred: tf.Tensor) => {
      const error = tf.mean(tf.squaredDifference(tf.reshape(yTrue, [-1, 1]), yPred));
      return error.dataSync()[0]! > 1 ? tf.sqrt(error) : error;
    };
    const model = newModel();
    const run = await fit(model, { ...basics, loss });
    expect(run.status).toBe("completed");
    expect(run.notCompiled).toBe("it reads the numbers of a tensor while it computes");
    const bundle = await bundleOf(run);
    expect(bundle["text/plain"]).toContain(
      "The steps ran operation by operation: it reads the numbers of a tensor while it computes.",
    );
  });

  it("names the kernel that has no counterpart", async () => {
    const loss = (yTrue: tf.Tensor, yPred: tf.Tensor) => {
      const images = tf.image.cropAndResize(tf.ones([1, 4, 4, 1]), [[0, 0, 1, 1]], [0], [2, 2]);
      return tf.mul(tf.mean(images), tf.mean(tf.squaredDifference(tf.reshape(yTrue, [-1, 1]), yPred)));
    };
    const run = await fit(newModel(), { ...basics, loss });
    expect(run.notCompiled).toBe("it uses CropAndResize");
  });
});
