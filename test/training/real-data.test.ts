import { describe, expect, it } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import { EarlyStopping } from "../../src/callbacks/early-stopping.js";
import { datasets } from "../../src/data/datasets.js";
import { split } from "../../src/data/split.js";
import { tf } from "../../src/engine/tf.js";
import { ColumnTransformer } from "../../src/preprocessing/column-transformer.js";
import { LabelEncoder } from "../../src/preprocessing/label-encoder.js";
import { OneHotEncoder } from "../../src/preprocessing/one-hot-encoder.js";
import { StandardScaler } from "../../src/preprocessing/standard-scaler.js";
import { evaluate } from "../../src/training/evaluate.js";
import { fit } from "../../src/training/fit.js";

describe("fit on real data", () => {
  it("tells penguins apart with at least 97 % right on the test part, averaged over 5 splits", async () => {
    const penguins = (await datasets.penguins()).dropMissing();
    const scores: number[] = [];
    for (const seed of [0, 1, 2, 3, 4]) {
      const parts = split(penguins, { stratify: "species", seed });
      const prepare = new ColumnTransformer({
        scale: {
          columns: ["billLength", "billDepth", "flipperLength", "bodyMass"],
          transformer: new StandardScaler(),
        },
        encode: { columns: ["island", "sex"], transformer: new OneHotEncoder() },
      }).fit(parts.train);
      const labels = new LabelEncoder().fit(parts.train.column("species"));
      const [x, y] = [prepare.transform(parts.train), labels.transform(parts.train.column("species"))];
      const model = mlp({ inputs: x.nColumns, outputs: 3, hidden: [32, 16], seed });
      await fit(model, {
        train: { x, y },
        validation: {
          x: prepare.transform(parts.validation),
          y: labels.transform(parts.validation.column("species")),
        },
        loss: "crossEntropy",
        epochs: 60,
        learningRate: 0.01,
        callbacks: [new EarlyStopping({ patience: 10 })],
        seed,
      });
      const test = { x: prepare.transform(parts.test), y: labels.transform(parts.test.column("species")) };
      scores.push((await evaluate(model, test)).accuracy!);
    }
    expect(scores.reduce((a, b) => a + b) / scores.length).toBeGreaterThanOrEqual(0.97);
  });

  it("trains a convolutional net on digits that come as columns of pixels", async () => {
    const digits = await datasets.digits();
    const rows = digits.take(Array.from({ length: 500 }, (_, row) => row));
    const y = rows.column("digit");
    const x = rows
      .drop("digit")
      .toMatrix()
      .map((value) => value / 16);
    const model = tf.sequential({
      layers: [
        tf.layers.reshape({ inputShape: [64], targetShape: [8, 8, 1] }),
        tf.layers.conv2d({
          filters: 8,
          kernelSize: 3,
          activation: "relu",
          kernelInitializer: tf.initializers.heUniform({ seed: 1 }),
        }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 10, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) }),
      ],
    });
    const run = await fit(model, { train: { x, y }, loss: "crossEntropy", epochs: 15, learningRate: 0.01 });
    expect(run.history.values("accuracy").at(-1)).toBeGreaterThan(0.95);
  });

  it("trains an embedding: which of eight words are fruit", async () => {
    const words = Array.from({ length: 64 }, (_, row) => [row % 8, (row * 3) % 8]);
    const y = words.map(([first]) => (first! < 4 ? 1 : 0));
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({
          inputDim: 8,
          outputDim: 4,
          inputLength: 2,
          embeddingsInitializer: tf.initializers.randomNormal({ stddev: 0.1, seed: 3 }),
        }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 4 }) }),
      ],
    });
    const run = await fit(model, {
      train: { x: words, y },
      loss: "binaryCrossEntropy",
      epochs: 30,
      learningRate: 0.05,
    });
    expect(run.history.values("accuracy").at(-1)).toBe(1);
  });
});
