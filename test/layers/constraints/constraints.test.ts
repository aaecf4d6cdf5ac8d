import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { OptionError } from "../../../src/core/errors.js";
import { Matrix } from "../../../src/core/matrix.js";
import { tf } from "../../../src/engine/tf.js";
import { constraints } from "../../../src/layers/constraints/constraints.js";
import { loadModel } from "../../../src/models/load-model.js";
import { saveModel } from "../../../src/models/save-model.js";
import { sgd } from "../../../src/optimizers/sgd.js";
import { compileStep } from "../../../src/training/compile-step.js";
import { fit } from "../../../src/training/fit.js";
import { keras, numbers } from "../regularizers/keras.js";

type Constraint = ReturnType<typeof constraints.nonNegative>;

const made: Record<string, Constraint> = {
  maxNorm: constraints.maxNorm({ maxValue: 1.2 }),
  "maxNorm of rows": constraints.maxNorm({ maxValue: 0.8, axis: 1 }),
  minMaxNorm: constraints.minMaxNorm({ minValue: 0.9, maxValue: 1.1, rate: 0.7 }),
  nonNegative: constraints.nonNegative(),
  unitNorm: constraints.unitNorm(),
  "unitNorm of both axes": constraints.unitNorm({ axis: [0, 1] }),
};

const loss = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.mean(tf.squaredDifference(yTrue, yPred)) as tf.Scalar;
const x = tf.keep(tf.tensor2d(numbers([6, 4], 2), [6, 4]));
const y = tf.keep(tf.tensor2d(numbers([6, 3], 3), [6, 3]));

function build(kernelConstraint: Constraint): tf.LayersModel {
  const layer = tf.layers.dense({ units: 3, inputShape: [4], kernelConstraint });
  const model = tf.sequential({ layers: [layer] });
  const kernel = tf.tensor(keras.matrix);
  (model.weights[0]!.read() as tf.Variable).assign(kernel);
  kernel.dispose();
  return model;
}

function expectClose(weight: tf.Tensor, expected: readonly number[]): void {
  weight.dataSync().forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 5);
  });
}

const moves: Record<string, (model: tf.LayersModel) => Promise<void>> = {
  "a compiled step": async (model) => {
    const step = compileStep((x, y) => loss(y, model.apply(x, { training: true }) as tf.Tensor), {
      variables: model,
      optimizer: sgd({ learningRate: 0.3 }),
    });
    for (let i = 0; i < 5; i++) step(x, y);
    expect(step.notCompiled).toBeNull();
    step.dispose();
  },
  ...Object.fromEntries(
    [true, false].map((compile) => [
      `fit with compile: ${compile}`,
      async (model: tf.LayersModel) => {
        const rows = (tensor: tf.Tensor2D) => Matrix.from(tensor.arraySync());
        const options = { epochs: 5, batchSize: 6, optimizer: sgd({ learningRate: 0.3 }), loss, compile };
        const run = await fit(model, { train: { x: rows(x), y: rows(y) }, ...options });
        expect(run.notCompiled).toBe(compile ? null : "compile is false");
      },
    ]),
  ),
};

describe.each(Object.entries(made))("%s", (name, constraint) => {
  it("makes of a weight what Keras makes of it", () => {
    expectClose(constraint.apply(tf.tensor(keras.matrix)), keras.constraints[name]!.flat());
  });

  it.each(Object.entries(moves))("holds in %s as in Keras, after several steps", async (_, move) => {
    const model = build(constraint);
    await move(model);
    const { kernel, bias } = keras.trained[name]!;
    expectClose(model.weights[0]!.read(), kernel.flat());
    expectClose(model.weights[1]!.read(), bias);
  });

  it("is in a saved model, whose weights come back bit for bit, and holds there", async () => {
    const folder = mkdtempSync(join(tmpdir(), "constraints-"));
    const model = build(constraint);
    await saveModel(model, join(folder, "model.safetensors"));
    const loaded = await loadModel(join(folder, "model.safetensors"));
    rmSync(folder, { recursive: true });
    expect([...loaded.weights[0]!.read().dataSync()]).toEqual([...Float32Array.from(keras.matrix.flat())]);
    await moves["a compiled step"]!(loaded);
    expectClose(loaded.weights[0]!.read(), keras.trained[name]!.kernel.flat());
  });
});

describe("a constraint of one's own", () => {
  const Base = Object.getPrototypeOf(made.nonNegative!.constructor) as abstract new () => Constraint;
  class Rounded extends Base {
    static readonly className = "Rounded";
    override apply(weight: tf.Tensor): tf.Tensor {
      return tf.div(tf.round(tf.mul(weight, 4)), 4);
    }
  }
  class Free extends Base {
    static readonly className = "Free";
    override apply(weight: tf.Tensor): tf.Tensor {
      return weight;
    }
  }

  it.each(Object.entries(moves))("holds in %s", async (_, move) => {
    const model = build(new Rounded());
    await move(model);
    const quarters = [...model.weights[0]!.read().dataSync()].map((value) => value * 4);
    expect(quarters).toEqual(quarters.map(Math.round));
    expect(quarters).not.toEqual(keras.matrix.flat().map((value) => value * 4));
  });

  it.each(Object.entries(moves))("may leave the weight as it is in %s", async (_, move) => {
    const model = build(new Free());
    await move(model);
    expect([...model.weights[0]!.read().dataSync()].every(Number.isFinite)).toBe(true);
  });
});

it.each(Object.entries(moves))(
  "the norm of no unit of a recurrent or depthwise kernel passes maxNorm in %s",
  async (_, move) => {
    const limit = constraints.maxNorm({ maxValue: 0.3 });
    const conv = constraints.maxNorm({ maxValue: 0.3, axis: [0, 1] });
    const model = tf.sequential({
      layers: [
        tf.layers.reshape({ targetShape: [2, 2, 1], inputShape: [4] }),
        tf.layers.depthwiseConv2d({ kernelSize: 2, padding: "same", depthwiseConstraint: conv }),
        tf.layers.reshape({ targetShape: [2, 2] }),
        tf.layers.lstm({ units: 3, kernelConstraint: limit, recurrentConstraint: limit }),
      ],
    });
    await move(model);
    const kernels = model.weights.filter(({ originalName }) => /kernel$/.test(originalName));
    expect(kernels).toHaveLength(3);
    for (const kernel of kernels) {
      const value = kernel.read();
      const norms = tf.norm(value.rank === 4 ? tf.reshape(value, [4, 1]) : (value as tf.Tensor2D), 2, 0).dataSync();
      for (const norm of norms) expect(norm).toBeLessThan(0.3 + 1e-6);
    }
  },
);

it("bad options are refused in one sentence", () => {
  expect(() => constraints.maxNorm({ maxValue: 0 })).toThrow(
    new OptionError("constraints.maxNorm: maxValue must be a number above 0, got 0."),
  );
  expect(() => constraints.minMaxNorm({ minValue: 2 })).toThrow(
    new OptionError("constraints.minMaxNorm: maxValue must be a number from 2, got 1."),
  );
  expect(() => constraints.unitNorm({ axis: "rows" as never })).toThrow(
    new OptionError('constraints.unitNorm: axis must be an integer or an array of integers, got "rows".'),
  );
});
