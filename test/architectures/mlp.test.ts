import { describe, expect, it } from "@jest/globals";
import { type MlpOptions, mlp } from "../../src/architectures/mlp.js";
import { tf } from "../../src/engine/tf.js";

const weightsOf = (model: tf.LayersModel) => model.getWeights().map((weight) => Array.from(weight.dataSync()));
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

  it.each<[Partial<MlpOptions>, string]>([
    [{ inputs: 0 }, "mlp: inputs must be an integer from 1, got 0. Pass the columns of x: x.nColumns."],
    [{ outputs: 2.5 }, "mlp: outputs must be an integer from 1, got 2.5. Pass the number of classes."],
    [{ hidden: [8, 0] }, "mlp: hidden[1] must be an integer from 1, got 0."],
    [{ hidden: 8 as never }, "mlp: hidden must be an array with the units of each layer, like [32, 16], got 8."],
    [{ dropout: 1 }, "mlp: dropout must be a number from 0 and below 1, got 1."],
    [
      { activation: "rleu" as never },
      'mlp: activation must be one of "relu", "elu", "selu", "gelu", "swish", "tanh", "sigmoid", got "rleu".',
    ],
  ])("%j is refused in one sentence", (options, message) => {
    expect(() => mlp({ inputs: 2, outputs: 2, ...options })).toThrow(message);
  });
});
