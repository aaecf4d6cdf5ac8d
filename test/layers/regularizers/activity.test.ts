import { describe, expect, it } from "@jest/globals";
import { OptionError } from "../../../src/core/errors.js";
import { tf } from "../../../src/engine/tf.js";
import { build } from "../../../src/layers/build.js";
import { layers } from "../../../src/layers/layers.js";
import { regularizers } from "../../../src/layers/regularizers/regularizers.js";
import { loadModel } from "../../../src/models/load-model.js";
import { saveModel } from "../../../src/models/save-model.js";
import { sgd } from "../../../src/optimizers/sgd.js";
import { evaluate } from "../../../src/training/evaluate.js";
import { fit } from "../../../src/training/fit.js";
import { predict } from "../../../src/training/predict.js";
import { temporaryFolder } from "../../models/temporary-folder.js";
import { keras, numbers, setNumbers } from "./keras.js";

const { l1l2, l2 } = regularizers;

function active(units: number, options: { kernelRegularizer?: ReturnType<typeof l2> } = {}) {
  return layers.dense({ units, activation: "tanh", activityRegularizer: l1l2({ l1: 0.1, l2: 0.05 }), ...options });
}

function inner(): tf.LayersModel {
  return tf.sequential({
    layers: [tf.layers.inputLayer({ inputShape: [4] }), active(4, { kernelRegularizer: l2({ l2: 0.1 }) })],
  });
}

const twice = (layer: tf.layers.Layer) =>
  build([4], (x) => {
    const first = layer.apply(x) as tf.SymbolicTensor;
    return layers.dense({ units: 2 }).apply(layer.apply(first)) as tf.SymbolicTensor;
  });

const models: Readonly<Record<string, () => tf.LayersModel>> = {
  "a dense layer": () => build([4], (x) => x.pipe(active(3), layers.dense({ units: 2 }))),
  "the last layer": () => build([4], (x) => x.pipe(active(2))),
  "a convolution": () =>
    build([4, 4, 2], (x) =>
      x.pipe(
        layers.conv2d({ filters: 3, kernelSize: 2, activityRegularizer: l2({ l2: 0.1 }) }),
        layers.flatten(),
        layers.dense({ units: 2 }),
      ),
    ),
  "a layer of its own behind an lstm": () =>
    build([3, 4], (x) =>
      x.pipe(
        layers.lstm({ units: 3, returnSequences: true, recurrentActivation: "sigmoid" }),
        layers.activityRegularization({ l1: 0.1, l2: 0.05 }),
        layers.flatten(),
        layers.dense({ units: 2 }),
      ),
    ),
  "a layer that is used twice": () => twice(active(4)),
  "a model inside, used twice, with penalties of weights": () => twice(inner()),
};

const sizeOf = (shape: readonly (number | null)[]) => shape.slice(1).reduce<number>((a, b) => a * b!, 1);

function rowsFor(model: tf.LayersModel) {
  const size = sizeOf(model.inputs[0]!.shape);
  const x = tf.tidy(() => tf.tensor(numbers([6, size], 2), [6, ...(model.inputs[0]!.shape.slice(1) as number[])]));
  return { x, y: tf.tensor(numbers([6, 2], 3), [6, 2]) };
}

async function train(model: tf.LayersModel, compile: boolean) {
  const rows = rowsFor(model);
  const optimizer = sgd({ learningRate: 0.1 });
  const options = { loss: "meanSquaredError", epochs: 5, batchSize: 6, optimizer, compile } as const;
  const run = await fit(model, { train: rows, validation: rows, ...options });
  return { run, rows };
}

/** To 1e-5 of what Keras has. */
function expectClose(value: number, expected: number): void {
  expect(Math.abs(value - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
}

describe.each(Object.entries(models))("what %s gives", (name, make) => {
  const expected = keras.activities[name]!;

  it.each([true, false])("costs and moves the weights as in Keras, compiled: %s", async (compile) => {
    const model = setNumbers(make());
    const { run, rows } = await train(model, compile);
    expect(run.notCompiled).toBe(compile ? null : "compile is false");
    const [first, ...later] = run.history.rows;
    expectClose(first!.metrics.penalty!, expected.first);
    for (const [i, { metrics }] of [first!, ...later].entries()) {
      expectClose(metrics.loss!, expected.losses[i]!);
      expectClose(metrics.dataLoss! + metrics.penalty!, metrics.loss!);
    }
    expectClose(later.at(-1)!.metrics.val_loss!, expected.afterwards);
    expectClose((await evaluate(model, rows)).loss!, expected.afterwards);
    for (const [i, weight] of model.getWeights().entries()) {
      const flat = [expected.weights[i]!].flat(9) as number[];
      weight.dataSync().forEach((value, k) => {
        expectClose(value!, flat[k]!);
      });
    }
  });

  it("still costs after it was saved", async () => {
    const model = setNumbers(make());
    const path = `${temporaryFolder()}/model.safetensors`;
    await saveModel(model, path);
    const rows = rowsFor(model);
    const options = { loss: "meanSquaredError" } as const;
    expect((await evaluate(await loadModel(path), rows, options)).penalty).toBeCloseTo(expected.first, 5);
    expect(await predict(await loadModel(path), rows.x, options)).toEqual(await predict(model, rows.x, options));
  });
});

it.each([true, false])("a step with a cost leaves no tensor behind, compiled: %s", async (compile) => {
  const model = setNumbers(models["a dense layer"]!());
  tf.dispose((await train(model, compile)).rows);
  const { numTensors } = tf.memory();
  const { rows } = await train(model, compile);
  tf.dispose(rows);
  expect(tf.memory().numTensors).toBe(numTensors);
});

it("a wrapper refuses a layer whose outputs would cost, and says where to put the cost", () => {
  const wrapped = () => build([3, 4], (x) => x.pipe(layers.timeDistributed({ layer: active(2), name: "steps" })));
  expect(wrapped).toThrow(OptionError);
  expect(wrapped).toThrow(
    "steps: the layer inside must have no activityRegularizer. Put layers.activityRegularization behind the wrapper.",
  );
});

it("a layer of TensorFlow.js that would forget what it costs refuses the option", () => {
  const options = { units: 2, activityRegularizer: l2({ l2: 0.1 }) } as { units: number };
  for (const make of [layers.lstm, layers.gru, layers.simpleRNN]) {
    expect(() => make(options)).toThrow(
      /^layers\.\w+: takes no activityRegularizer. Put layers.activityRegularization behind the layer.$/,
    );
  }
  expect(layers.dense(options).activityRegularizer).toBeTruthy();
});

it("a cost below 0 is refused", () => {
  expect(() => layers.activityRegularization({ l1: -1 })).toThrow("l1");
});
