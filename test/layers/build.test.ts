import { describe, expect, it } from "@jest/globals";
import { OptionError, ShapeError } from "../../src/core/errors.js";
import { tf } from "../../src/engine/tf.js";
import { build } from "../../src/layers/build.js";
import { add, concat } from "../../src/layers/combine.js";
import { layers } from "../../src/layers/layers.js";

const small = (seed?: number) =>
  build(
    [6],
    (x) =>
      x.pipe(layers.dense({ units: 5, activation: "relu" }), layers.dropout({ rate: 0.5 }), layers.dense({ units: 2 })),
    seed === undefined ? {} : { seed },
  );

const numbers = (model: tf.LayersModel) => model.getWeights().map((weight) => [...weight.dataSync()]);

describe("build", () => {
  it("makes a model of a function", () => {
    const model = small();
    expect(model.outputs[0]!.shape).toEqual([null, 2]);
    expect(model.name).toBe("model");
    expect(tf.tidy(() => (model.predict(tf.ones([3, 6])) as tf.Tensor).shape)).toEqual([3, 2]);
  });

  it("names layers after their kind and place, in every cell the same", () => {
    const names = ["input", "dense_1", "dropout_1", "dense_2"];
    expect(small().layers.map(({ name }) => name)).toEqual(names);
    expect(small().layers.map(({ name }) => name)).toEqual(names);
  });

  it("gives no layer the name of an input", () => {
    const model = build({ dense_1: [2], other: [2] }, ({ dense_1, other }) =>
      add([dense_1.pipe(layers.dense({ units: 2 })), other]),
    );
    expect(model.layers.map(({ name }) => name).sort()).toEqual(["add_1", "dense_1", "dense_2", "other"]);
  });

  it("keeps names that were given", () => {
    const model = build([3], (x) =>
      x.pipe(
        layers.dense({ units: 4, name: "dense_1" }),
        layers.dense({ units: 4 }),
        layers.dense({ units: 1, name: "score" }),
      ),
    );
    expect(model.layers.map(({ name }) => name)).toEqual(["input", "dense_1", "dense_2", "score"]);
  });

  it("starts with the same weights for the same seed, bit for bit, and with others for another", () => {
    expect(numbers(small(7))).toEqual(numbers(small(7)));
    expect(numbers(small())).toEqual(numbers(small(0)));
    expect(numbers(small(7))).not.toEqual(numbers(small(8)));
  });

  it("draws every initialiser from the seed", () => {
    const model = () =>
      build([4, 6], (x) =>
        x.pipe(
          layers.dense({ units: 5, kernelInitializer: "truncatedNormal" }),
          layers.dense({ units: 5, kernelInitializer: "randomUniform", biasInitializer: "randomNormal" }),
          layers.lstm({ units: 3 }),
          layers.dense({ units: 2, kernelInitializer: "orthogonal" }),
        ),
      );
    expect(numbers(model())).toEqual(numbers(model()));
  });

  it("takes several inputs and gives several outputs, by name", () => {
    const model = build({ image: [28, 28, 1], age: [1] }, ({ image, age }) => {
      const seen = image.pipe(layers.conv2d({ filters: 4, kernelSize: 3 }), layers.globalAveragePooling2d({}));
      const both = concat([seen, age]);
      return {
        label: both.pipe(layers.dense({ units: 10 })),
        score: both.pipe(layers.dense({ units: 1, name: "own" })),
      };
    });
    expect(model.inputNames).toEqual(["image", "age"]);
    expect(model.outputNames).toEqual(["label", "score"]);
    expect(model.outputs.map(({ shape }) => shape)).toEqual([
      [null, 10],
      [null, 1],
    ]);
    expect(model.getLayer("label").weights.map(({ originalName }) => originalName)).toEqual([
      "label/kernel",
      "label/bias",
    ]);
  });

  it("takes functions between the layers", () => {
    const block = (x: tf.SymbolicTensor) => add([x, x.pipe(layers.dense({ units: 8, activation: "relu" }))]);
    const model = build([8], (x) => x.pipe(block, block, layers.dense({ units: 1 })));
    expect(model.layers.map(({ name }) => name)).toEqual(["input", "dense_1", "add_1", "dense_2", "add_2", "dense_3"]);
  });

  it("gives the same model as tf.sequential, weights and all, when these are copied", () => {
    const model = small();
    const twin = tf.sequential({
      layers: [
        tf.layers.dense({ units: 5, activation: "relu", inputShape: [6] }),
        tf.layers.dropout({ rate: 0.5 }),
        tf.layers.dense({ units: 2 }),
      ],
    });
    twin.setWeights(model.getWeights());
    const x = tf.linspace(-1, 1, 12).reshape([2, 6]);
    expect((model.predict(x) as tf.Tensor).arraySync()).toEqual((twin.predict(x) as tf.Tensor).arraySync());
  });

  it("does not give its names to layers outside", () => {
    small();
    expect(tf.layers.dense({ units: 1 }).name).toMatch(/^dense_Dense\d+$/);
  });
});

describe("build says in one sentence what is wrong with", () => {
  const cases: [string, () => unknown, typeof OptionError | typeof ShapeError, string][] = [
    [
      "a size that is none",
      () => build([28, 0, 1], (x) => x),
      ShapeError,
      "build: the shape of input must be an array of sizes from 1, the batch left out, like [28, 28, 1] or [null, 8], got [28, 0, 1].",
    ],
    [
      "no shape",
      () => build(28 as never, ((x: tf.SymbolicTensor) => x) as never),
      ShapeError,
      "build: the input must be a shape like [28, 28, 1] or an object of shapes, got 28.",
    ],
    [
      "no function",
      () => build([2], layers.dense({ units: 1 }) as never),
      OptionError,
      "build: takes a shape and a function of the input, got a Dense. Write build([28, 28, 1], (x) => ...).",
    ],
    [
      "a function that returns nothing",
      () => build([2], (() => undefined) as never),
      OptionError,
      "build: the function must return a symbolic tensor or an object of them, got undefined. Return x.pipe(...).",
    ],
    [
      "a layer that was not applied",
      () => build([2], (() => ({ label: layers.dense({ units: 1 }) })) as never),
      OptionError,
      'build: the output "label" must be a symbolic tensor, which layers give, got a Dense.',
    ],
    [
      "an input that is not used",
      () => build({ image: [2], age: [1] }, ({ image }) => image.pipe(layers.dense({ units: 1 }))),
      ShapeError,
      "build: the output does not come from age; use it in the function or leave the input out.",
    ],
    [
      "an input from outside",
      () => build([2], (x) => add([x, tf.input({ shape: [2], name: "other" })])),
      ShapeError,
      "build: the output also comes from other, an input of another model; use only the inputs that the function gets.",
    ],
    [
      "a factory in the place of its layer",
      () =>
        build([2, 2], (x) =>
          x.pipe(layers.flatten as unknown as (x: tf.SymbolicTensor) => tf.SymbolicTensor, layers.dense({ units: 1 })),
        ),
      OptionError,
      "pipe: step 1 must give one symbolic tensor to the next, got a Flatten. Write layers.flatten() with its brackets.",
    ],
    [
      "a step that is no step",
      () => build([2], (x) => x.pipe("relu" as never)),
      OptionError,
      'pipe: step 1 must be a layer or a function of a symbolic tensor, got "relu". Write (x) => ... around anything else.',
    ],
    [
      "a lone value to add",
      () => build([2], (x) => add([x] as never)),
      OptionError,
      "add: takes an array of two symbolic tensors or more, got an array of 1. Write add([a, b]).",
    ],
    [
      "an output named as an input",
      () => build({ age: [1] }, ({ age }) => ({ age: age.pipe(layers.dense({ units: 1 })) })),
      OptionError,
      'build: "age" is the name of an input and of an output; name the output otherwise.',
    ],
    ["a seed that is no integer", () => small(0.5), OptionError, "build: seed must be an integer, got 0.5."],
  ];
  it.each(cases)("%s", (_, wrong, kind, sentence) => {
    expect(wrong).toThrow(kind);
    expect(wrong).toThrow(new kind(sentence));
  });
});
