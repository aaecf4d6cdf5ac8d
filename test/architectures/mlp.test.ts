import { describe, expect, it } from "@jest/globals";
import { type MlpOptions, mlp } from "../../src/architectures/mlp.js";
import { tf } from "../../src/engine/tf.js";
import { evaluate } from "../../src/training/evaluate.js";
import { fit } from "../../src/training/fit.js";
import { digitImages } from "./digit-images.js";
import { expectSavesAndCompiles, parametersOf, weightsOf } from "./judged-model.js";

const largest = (values: number[]) => Math.max(...values.map(Math.abs));

describe("mlp", () => {
  it("has a dense layer for each hidden size and one for the outputs, without an activation", () => {
    const model = mlp({ inputs: 4, outputs: 3, hidden: [8, 5] });
    expect(model.getWeights().map(({ shape }) => shape)).toEqual([[4, 8], [8], [8, 5], [5], [5, 3], [3]]);
    expect(model.layers.at(-1)!.getConfig().activation).toBe("linear");
  });

  it("the same seed gives the same weights, bit for bit, and another seed others", () => {
    expect(weightsOf(mlp({ inputs: 4, outputs: 3, seed: 7 }))).toEqual(
      weightsOf(mlp({ inputs: 4, outputs: 3, seed: 7 })),
    );
    expect(weightsOf(mlp({ inputs: 4, outputs: 3, seed: 8 }))).not.toEqual(
      weightsOf(mlp({ inputs: 4, outputs: 3, seed: 7 })),
    );
  });

  it("layers of one shape start with different weights", () => {
    const [first, , second] = weightsOf(mlp({ inputs: 6, outputs: 1, hidden: [6, 6] }));
    expect(first).not.toEqual(second);
  });

  it("starts within the bounds of He before a rectifier and of Glorot elsewhere", () => {
    const [hidden, , output] = weightsOf(mlp({ inputs: 60, outputs: 40, hidden: [200] }));
    expect(largest(hidden!)).toBeLessThanOrEqual(Math.sqrt(6 / 60));
    expect(largest(hidden!)).toBeGreaterThan(0.98 * Math.sqrt(6 / 60));
    expect(largest(output!)).toBeLessThanOrEqual(Math.sqrt(6 / 240));
    const [tanh] = weightsOf(mlp({ inputs: 60, outputs: 40, hidden: [200], activation: "tanh" }));
    expect(largest(tanh!)).toBeLessThanOrEqual(Math.sqrt(6 / 260));
  });

  it("without hidden layers is a linear model", () => {
    expect(mlp({ inputs: 2, outputs: 1, hidden: [] }).countParams()).toBe(3);
  });

  it("normalises before the activation with batchNorm, and drops out after it", () => {
    const model = mlp({ inputs: 2, outputs: 1, hidden: [4], batchNorm: true, dropout: 0.5 });
    expect(model.layers.map((layer) => layer.getClassName())).toEqual([
      "InputLayer",
      "Dense",
      "BatchNormalization",
      "Activation",
      "Dropout",
      "Dense",
    ]);
  });

  it("l2 adds the squared kernel weights to the model's own losses", () => {
    const model = mlp({ inputs: 2, outputs: 1, hidden: [], l2: 0.5 });
    model.setWeights([tf.tensor2d([[1], [2]]), tf.tensor1d([9])]);
    model.build([null, 2]);
    expect(model.calculateLosses().map((loss) => loss.dataSync()[0])).toEqual([2.5]);
  });

  it("depth and width say the same net as hidden", () => {
    const net = (options: Partial<MlpOptions>) => weightsOf(mlp({ inputs: 4, outputs: 3, ...options }));
    expect(net({ depth: 3, width: 8 })).toEqual(net({ hidden: [8, 8, 8] }));
    expect(net({ depth: 0 })).toEqual(net({ hidden: [] }));
  });

  it("skip leads around each hidden layer but the first, through a dense layer where sizes differ", () => {
    const model = mlp({ inputs: 4, outputs: 3, hidden: [8, 8, 5], skip: true });
    expect(model.layers.map(({ name }) => name).sort()).toEqual(
      [
        ["hidden1", "hidden1_relu", "hidden2", "hidden2_add", "hidden2_relu", "hidden3", "hidden3_add"],
        ["hidden3_relu", "hidden3_shortcut", "input", "output"],
      ].flat(),
    );
    const plain = mlp({ inputs: 4, outputs: 3, hidden: [8, 8, 5] });
    expect(parametersOf(model)).toBe(parametersOf(plain) + 8 * 5);
  });

  it.each<Partial<MlpOptions>>([{}, { batchNorm: true, hidden: [6, 4] }, { activation: "tanh", l2: 0.1 }])(
    "with skip and %j it saves, loads and compiles",
    async (options) => {
      await expectSavesAndCompiles(() =>
        mlp({ inputs: 4, outputs: 3, hidden: [6, 6], skip: true, seed: 2, ...options }),
      );
    },
  );

  it.each(["sigmoid", "swish"] as const)(
    "the gradient of the first of 30 layers of %s is over ten times as large with skip",
    (activation) => {
      const [x, y] = [tf.randomNormal([64, 8], 0, 1, "float32", 1), tf.randomNormal([64, 2], 0, 1, "float32", 2)];
      const [plain, skipping] = [false, true].map((skip) => {
        const model = mlp({ inputs: 8, outputs: 2, depth: 30, width: 32, activation, skip });
        const { grads } = tf.variableGrads(() => tf.mean(tf.squaredDifference(model.apply(x) as tf.Tensor, y)));
        return Math.hypot(...grads[(model.getLayer("hidden1").weights[0]!.read() as tf.Variable).name]!.dataSync());
      });
      expect(skipping!).toBeGreaterThan(10 * plain!);
    },
  );

  it.each<Partial<MlpOptions>>([{}, { batchNorm: true }, { activation: "tanh" }])(
    "with skip and %j the first outputs of 60 layers are about as large as those of 2",
    (options) => {
      const x = tf.randomNormal([64, 8], 0, 1, "float32", 1);
      const [shallow, deep] = [2, 60].map((depth) => {
        const model = mlp({ inputs: 8, outputs: 8, depth, width: 32, skip: true, ...options });
        return tf.moments(model.apply(x, { training: true }) as tf.Tensor).variance.dataSync()[0]!;
      });
      expect(deep! / shallow!).toBeGreaterThan(1 / 4);
      expect(deep! / shallow!).toBeLessThan(4);
    },
  );

  it("30 layers of sigmoid learn the digits with skip, and nothing without", async () => {
    const { train, test } = digitImages();
    const [plain, skipping] = [false, true].map(async (skip) => {
      const model = mlp({ inputs: 64, outputs: 10, depth: 30, width: 32, activation: "sigmoid", skip });
      await fit(model, { train, loss: "crossEntropy", epochs: 10 });
      return (await evaluate(model, test)).accuracy;
    });
    expect(await plain).toBeLessThan(0.15);
    expect(await skipping).toBeGreaterThan(0.85);
  });

  it.each<[Partial<MlpOptions>, string]>([
    [{ inputs: 0 }, "mlp: inputs must be an integer from 1, got 0. Pass the columns of x: x.nColumns."],
    [{ outputs: 2.5 }, "mlp: outputs must be an integer from 1, got 2.5. Pass the number of classes."],
    [{ hidden: [8, 0] }, "mlp: hidden[1] must be an integer from 1, got 0."],
    [{ hidden: 8 as never }, "mlp: hidden must be an array with the units of each layer, like [32, 16], got 8."],
    [{ hidden: [8], width: 4 }, "mlp: hidden says what width says. Pass one of them."],
    [{ depth: -1 }, "mlp: depth must be an integer from 0, got -1."],
    [{ dropout: 1 }, "mlp: dropout must be a number from 0 and below 1, got 1."],
    [
      { activation: "rleu" as never },
      'mlp: activation must be one of "relu", "relu6", "elu", "selu", "gelu", "swish", "tanh", "sigmoid", "linear", got "rleu".',
    ],
  ])("%j is refused in one sentence", (options, message) => {
    expect(() => mlp({ inputs: 2, outputs: 2, ...options })).toThrow(message);
  });
});
