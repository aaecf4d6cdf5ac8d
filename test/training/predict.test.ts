import { describe, expect, it, jest } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import { Matrix } from "../../src/core/matrix.js";
import { tf } from "../../src/engine/tf.js";
import { build } from "../../src/layers/build.js";
import { layers } from "../../src/layers/layers.js";
import { evaluate } from "../../src/training/evaluate.js";
import { fit } from "../../src/training/fit.js";
import { predict, predictClasses } from "../../src/training/predict.js";
import { clouds } from "./tiny.js";

/** A linear model with these weights: outputs x * kernel. */
function linear(kernel: number[][]) {
  const model = mlp({ inputs: kernel.length, outputs: kernel[0]!.length, hidden: [] });
  tf.tidy(() => model.setWeights([tf.tensor2d(kernel), tf.zeros([kernel[0]!.length])]));
  return model;
}

/** Reads a number while it runs, which no graph can. */
function unforeseen() {
  return build([1], (x) =>
    x.pipe(
      layers.lambda({ function: (given: tf.Tensor) => tf.mul(given, given.dataSync().length) }),
      layers.dense({ units: 1, kernelInitializer: "ones" }),
    ),
  );
}

describe("what cannot be compiled", () => {
  it("is said once of a model, with the reason", async () => {
    const warn = jest.spyOn(console, "warn").mockImplementation(() => {});
    const [model, loss] = [unforeseen(), "meanSquaredError"] as const;
    const x = Array.from({ length: 600 }, () => [1]);
    const predicted = await predict(model, x, { loss });
    await predict(model, x, { loss });
    await evaluate(model, { x, y: x.map(() => 256) }, { loss });
    const said = warn.mock.calls.flat();
    warn.mockRestore();
    expect(said).toEqual([
      expect.stringMatching(/^predict: the model runs operation by operation, not as one compiled graph: ./),
    ]);
    expect([predicted.data[0], predicted.data[599]]).toEqual([256, 88]);
  });
});

describe("predict", () => {
  it("gives a probability for each class", async () => {
    const model = linear([[0, Math.log(3)]]);
    const probabilities = await predict(model, [[0], [1], [-1]], { loss: "crossEntropy" });
    expect([probabilities.nRows, probabilities.nColumns]).toEqual([3, 2]);
    [0.5, 0.5, 0.25, 0.75, 0.75, 0.25].forEach((p, i) => {
      expect(probabilities.data[i]).toBeCloseTo(p, 6);
    });
    expect(await predictClasses(model, [[0], [1], [-1]], { loss: "crossEntropy" })).toEqual(Int32Array.of(0, 1, 0));
  });

  it("gives the probability of yes", async () => {
    const model = linear([[Math.log(3)]]);
    const options = { loss: "binaryCrossEntropy" } as const;
    const probabilities = await predict(model, [[1], [-1]], options);
    expect(probabilities.data[0]).toBeCloseTo(0.75, 6);
    expect(probabilities.data[1]).toBeCloseTo(0.25, 6);
    expect(await predictClasses(model, [[1], [-1]], options)).toEqual(Int32Array.of(1, 0));
  });

  it("gives numbers as they are", async () => {
    expect(
      (
        await predict(
          linear([[2], [1]]),
          [
            [1, 1],
            [2, 5],
          ],
          { loss: "meanSquaredError" },
        )
      ).toRows(),
    ).toEqual([[3], [9]]);
  });

  it("takes a matrix, a tensor or arrays, with the same result", async () => {
    const model = linear([
      [1, -1],
      [2, 0],
    ]);
    const rows = [
      [0.5, 1],
      [2, -3],
    ];
    const options = { loss: "crossEntropy" } as const;
    const expected = (await predict(model, rows, options)).data;
    const tensor = tf.tensor2d(rows);
    for (const x of [Matrix.from(rows), tensor, rows.map((row) => Float32Array.from(row))]) {
      expect((await predict(model, x, options)).data).toEqual(expected);
    }
    tensor.dispose();
  });

  it("passes many rows in batches and keeps their order", async () => {
    const x = Array.from({ length: 1000 }, (_, row) => [row]);
    const before = tf.memory().numTensors;
    const model = linear([[2]]);
    const { data } = await predict(model, x, { loss: "meanSquaredError" });
    expect(Array.from(data)).toEqual(x.map(([value]) => 2 * value!));
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("knows the loss that fit trained with, also after the model was saved and loaded", async () => {
    const { x, y } = clouds();
    const model = mlp({ inputs: 2, outputs: 2 });
    await fit(model, { train: { x, y }, loss: "crossEntropy", epochs: 3 });
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
    expect((await predict(loaded, x)).data).toEqual((await predict(model, x)).data);
    expect(await evaluate(loaded, { x, y })).toEqual(await evaluate(model, { x, y }));
  });
});
