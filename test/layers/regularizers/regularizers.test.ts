import { describe, expect, it } from "@jest/globals";
import { OptionError, ShapeError } from "../../../src/core/errors.js";
import { tf } from "../../../src/engine/tf.js";
import { regularizers } from "../../../src/layers/regularizers/regularizers.js";
import { adam } from "../../../src/optimizers/adam.js";
import { compileStep } from "../../../src/training/compile-step.js";
import { keras } from "./keras.js";

const made = {
  l1: regularizers.l1({ l1: 0.3 }),
  l2: regularizers.l2({ l2: 0.2 }),
  l1l2: regularizers.l1l2({ l1: 0.1, l2: 0.2 }),
  "orthogonal rows": regularizers.orthogonal({ factor: 0.5 }),
  "orthogonal columns": regularizers.orthogonal({ factor: 0.5, mode: "columns" }),
};

describe.each(Object.entries(made))("%s", (name, regularizer) => {
  const { value, gradient } = keras.regularizers[name]!;

  it("has the value and the gradient of Keras, at 0 too", () => {
    const { value: got, grad } = tf.valueAndGrad((x) => regularizer.apply(x))(tf.tensor(keras.matrix));
    expect(got.dataSync()[0]).toBeCloseTo(value, 5);
    grad.dataSync().forEach((slope, i) => {
      expect(slope).toBeCloseTo(gradient.flat()[i]!, 5);
    });
  });

  it("has the same value in a compiled step", () => {
    const weight = tf.variable(tf.tensor(keras.matrix));
    const step = compileStep(() => regularizer.apply(weight), { variables: [weight], optimizer: adam() });
    expect(step()).toBeCloseTo(value, 5);
    expect(step.notCompiled).toBeNull();
    step.dispose();
  });
});

describe("orthogonal", () => {
  it("costs nothing for one row, which no other one is like", () => {
    expect(made["orthogonal rows"].apply(tf.ones([1, 4])).dataSync()[0]).toBe(0);
  });

  it("takes a kernel of more axes as a matrix with a column for each filter", () => {
    const kernel = tf.tensor(keras.matrix.flat(), [2, 1, 2, 3]);
    const expected = keras.regularizers["orthogonal columns"]!.value;
    expect(made["orthogonal columns"].apply(kernel).dataSync()[0]).toBeCloseTo(expected, 5);
  });

  it("refuses a vector", () => {
    expect(() => made["orthogonal rows"].apply(tf.zeros([3]))).toThrow(ShapeError);
  });
});

it("bad options are refused in one sentence", () => {
  expect(() => regularizers.l2({ l2: -1 })).toThrow(
    new OptionError("regularizers.l2: l2 must be a number from 0, got -1."),
  );
  expect(() => regularizers.orthogonal({ mode: "row" as never })).toThrow(
    new OptionError('regularizers.orthogonal: mode must be one of "rows", "columns", got "row".'),
  );
});
