import { describe, expect, it } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import { Matrix } from "../../src/core/matrix.js";
import type { Test, Validation } from "../../src/core/part.js";
import { tf } from "../../src/engine/tf.js";
import { build } from "../../src/layers/build.js";
import { layers } from "../../src/layers/layers.js";
import { evaluate } from "../../src/training/evaluate.js";
import { fit } from "../../src/training/fit.js";
import type { FitOptions } from "../../src/training/fit-options.js";
import { predict } from "../../src/training/predict.js";
import { clouds } from "./tiny.js";

const model = mlp({ inputs: 2, outputs: 2, hidden: [] });
const { x, y } = clouds(6);
const basics = { train: { x, y }, loss: "crossEntropy", epochs: 1 } as const;
const part = (name: "train" | "validation" | "test") => new Matrix(x.data, 6, 2, { part: name });
const withValue = (value: number) => x.map((old, column) => (column === 1 && old === x.row(4)[1] ? value : old));
const dense = (options: object) => tf.sequential({ layers: [tf.layers.dense({ units: 2, name: "last", ...options })] });

/** Whatever a cell may pass, types or not. */
type Loose = Partial<Record<keyof FitOptions, unknown>>;

const wrongOptions: [name: string, options: Loose, message: string][] = [
  [
    "the test part",
    { train: { x: part("test"), y } },
    "fit: train.x is the test part of a split, so the score would flatter the model. Keep it for evaluate, once, with the finished model.",
  ],
  [
    "the validation part to train on",
    { train: { x: part("validation"), y } },
    "fit: train.x is the validation part of a split, so the score would flatter the model. Pass it as validation instead.",
  ],
  [
    "the test part to validate with",
    { validation: { x: part("test"), y } },
    "fit: validation.x is the test part of a split",
  ],
  ["no rows", { train: undefined }, "fit: train must be { x, y }, got undefined."],
  ["no y", { train: { x } }, "fit: train must be { x, y }, got a Object."],
  [
    "a missing value",
    { train: { x: withValue(Number.NaN), y } },
    'fit: train.x must hold finite numbers, got NaN in column "width", row 4. Fill or drop such rows first.',
  ],
  [
    "a value too large for float32",
    { train: { x: withValue(1e39), y } },
    'fit: train.x must hold finite numbers, got 1e+39 in column "width", row 4. Fill or drop such rows first.',
  ],
  [
    "a missing label",
    { train: { x, y: [0, 1, Number.NaN, 1, 0, 1] } },
    "fit: train.y must hold finite numbers, got NaN in row 2. Fill or drop such rows first.",
  ],
  [
    "a label that is no class",
    { train: { x, y: [0, 1, 2, 1, 0, 1] } },
    "fit: train.y must hold class labels from 0 to 1 (the model has 2 outputs), got 2 in row 2.",
  ],
  [
    "a label in words",
    { train: { x, y: ["Adelie", "Gentoo"] } },
    'fit: train.y must hold numbers, got "Adelie". Encode other values as numbers first.',
  ],
  [
    "targets that are no shares of classes",
    { train: { x, y: x } },
    "fit: train.y must hold the share of each class, from 0 to 1, got -1.07",
  ],
  [
    "shares of classes that are not 1 together",
    { train: { x, y: Array.from(y, () => [0.5, 0.4]) } },
    "fit: train.y must hold shares of the classes that are 1 together, got 0.9 in row 0.",
  ],
  [
    "rows of labels",
    { train: { x, y: Array.from(y, () => [0, 1, 0]) } },
    "fit: train.y must be one class label for each row, got rows of 3.",
  ],
  [
    "more rows than labels",
    { train: { x, y: y.slice(1) } },
    "fit: train.y must have one target for each of the 6 rows of x, got 5.",
  ],
  [
    "too few columns",
    { train: { x: [[1], [2]], y: [0, 1] } },
    "fit: train.x must have 2 columns, as the model's input, got 1.",
  ],
  [
    "rows of different length",
    { train: { x: [[1, 2], [3]], y: [0, 1] } },
    "fit: train.x must have rows of one length, got 2 and 1.",
  ],
  ["an empty table", { train: { x: [], y: [] } }, "fit: train.x has no rows."],
  [
    "text for a table",
    { train: { x: "a,b", y } },
    'fit: train.x must be a Matrix, a tensor or arrays of numbers, got "a,b".',
  ],
  ["no epochs", { epochs: 0 }, "fit: epochs must be an integer from 1, got 0."],
  ["half a batch", { batchSize: 0.5 }, "fit: batchSize must be an integer from 1, got 0.5."],
  ["a learning rate of 0", { learningRate: 0 }, "fit: learningRate must be a number above 0, got 0."],
  [
    "an unknown optimizer",
    { optimizer: "adem" },
    'fit: optimizer must be one of "adagrad", "adam", "adamax", "adamw", "lion", "nadam", "rmsprop", "sgd", got "adem".',
  ],
  [
    "an optimizer that is none",
    { optimizer: { learningRate: 1 } },
    'fit: optimizer must be a name such as "adam", or what a function such as adam() returns, got a Object.',
  ],
  [
    "an unknown metric",
    { metrics: ["f2"] },
    'fit: a metric beside loss "crossEntropy" must be one of "accuracy", "balancedAccuracy", "brierScoreLoss", ',
  ],
  ["callbacks in no list", { callbacks: {} }, "fit: callbacks must be an array, got a Object."],
];

const wrongModels: [name: string, model: unknown, loss: FitOptions["loss"], message: string][] = [
  ["no model", {}, "crossEntropy", "fit: model must be a tf.LayersModel, such as mlp(...) returns, got a Object."],
  ["no layers", tf.sequential(), "crossEntropy", "fit: the model has no layers yet. Add them first."],
  [
    "a softmax before a loss from logits",
    dense({ inputShape: [2], activation: "softmax" }),
    "crossEntropy",
    'fit: loss "crossEntropy" takes logits, but the last layer "last" has activation "softmax". Leave the activation out; predict applies it.',
  ],
  [
    "one output for classes",
    mlp({ inputs: 2, outputs: 1 }),
    "crossEntropy",
    'fit: loss "crossEntropy" needs one output for each class, got outputs of shape (n, 1). Use "binaryCrossEntropy" for a yes-or-no question.',
  ],
  [
    "two answers for one column of targets",
    model,
    "binaryCrossEntropy",
    "fit: train.y must have 2 columns, one for each output of the model, got 1.",
  ],
  ["an unknown loss", model, "hing" as never, 'fit: loss must be one of "binaryCrossEntropy", "categoricalHinge"'],
];

describe("fit refuses, before anything is trained or held on the backend,", () => {
  const weights = () => model.getWeights().map((weight) => Array.from(weight.dataSync()));

  it.each(wrongOptions)("%s", async (_, options, message) => {
    const [tensors, before] = [tf.memory().numTensors, weights()];
    await expect(fit(model, { ...basics, ...options } as never)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(weights()).toEqual(before);
  });

  it.each(wrongModels)("a model with %s", async (_, wrong, loss, message) => {
    await expect(fit(wrong as tf.LayersModel, { ...basics, loss })).rejects.toThrow(message);
  });

  it("answers that are neither yes nor no", async () => {
    const yesNo = mlp({ inputs: 2, outputs: 1 });
    const train = { x, y: [0, 1, 0, 2, 0, 1] };
    await expect(fit(yesNo, { train, loss: "binaryCrossEntropy", epochs: 1 })).rejects.toThrow(
      "fit: train.y must hold 0 for no and 1 for yes, got 2.",
    );
  });

  it("held-out parts by their types already", () => {
    const test = part("test") as Test<Matrix>;
    const validation = part("validation") as Validation<Matrix>;
    const refused = () => [
      // @ts-expect-error the test part is no training data
      fit(model, { ...basics, train: { x: test, y } }),
      // @ts-expect-error nor is the validation part
      fit(model, { ...basics, train: { x: validation, y } }),
      // @ts-expect-error and nothing is chosen with the test part
      fit(model, { ...basics, validation: { x: test, y } }),
      fit(model, { ...basics, validation: { x: validation, y } }),
    ];
    expect(refused).toBeInstanceOf(Function);
  });
});

describe("numbers of words", () => {
  const words = (name: string) => layers.embedding({ inputDim: 5, outputDim: 2, name });
  const nets = {
    "an embedding": () => build([2], (x) => x.pipe(words("words"), layers.flatten(), layers.dense({ units: 2 }))),
    "an embedding in a model inside": () => {
      const inner = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [2] }), words("words")] });
      return build([2], (x) => layers.dense({ units: 2 }).apply(layers.flatten().apply(inner.apply(x))) as typeof x);
    },
    "a reversible embedding": () =>
      build([2], (x) =>
        x.pipe(
          layers.reversibleEmbedding({ inputDim: 5, outputDim: 2, name: "words" }),
          layers.flatten(),
          layers.dense({ units: 2 }),
        ),
      ),
  };
  const known = [
    [0, 4],
    [1, 2],
  ];
  const must = 'must hold whole numbers from 0 to 4, which layer "words" has vectors for, got';

  it.each(Object.entries(nets))(
    "that %s has no vector for are refused everywhere, and others are not",
    async (_, make) => {
      const net = make();
      const options = { loss: "crossEntropy", epochs: 1 } as const;
      await expect(
        fit(net, {
          ...options,
          train: {
            x: [
              [0, 1],
              [5, 1],
            ],
            y: [0, 1],
          },
        }),
      ).rejects.toThrow(
        `fit: train.x ${must} 5 in row 1. Make the layer with inputDim: 6 or more, or number what it does not know as 0.`,
      );
      const validation = { x: [[0, -1]], y: [0] };
      await expect(fit(net, { ...options, train: { x: known, y: [0, 1] }, validation })).rejects.toThrow(
        `fit: validation.x ${must} -1 in row 0. Number the words or categories from 0.`,
      );
      await fit(net, { ...options, train: { x: known, y: [0, 1] } });
      await expect(predict(net, [[1.5, 0]])).rejects.toThrow(`predict: x ${must} 1.5 in row 0.`);
      await expect(evaluate(net, { x: [[0, 7]], y: [0] })).rejects.toThrow(`evaluate: rows.x ${must} 7 in row 0.`);
      expect((await predict(net, known)).nRows).toBe(2);
    },
  );
});

describe("evaluate and predict", () => {
  it("say what they need to know of a model that fit has not trained", async () => {
    const fresh = mlp({ inputs: 2, outputs: 2 });
    await expect(predict(fresh, x)).rejects.toThrow(
      'predict: what the outputs of this model mean is not known, because fit has not trained it with a named loss. Pass loss, like "crossEntropy", "binaryCrossEntropy" or "meanSquaredError".',
    );
    await expect(evaluate(fresh, { x, y })).rejects.toThrow(
      "evaluate: what the outputs of this model mean is not known",
    );
  });

  it("name rows that do not fit", async () => {
    await expect(predict(model, [[1, 2, 3]], { loss: "crossEntropy" })).rejects.toThrow(
      "predict: x must have 2 columns, as the model's input, got 3.",
    );
    await expect(evaluate(model, { x, y: [1] }, { loss: "crossEntropy" })).rejects.toThrow(
      "evaluate: rows.y must have one target for each of the 6 rows of x, got 1.",
    );
  });
});
