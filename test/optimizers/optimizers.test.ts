import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { tf } from "../../src/engine/tf.js";
import { adam } from "../../src/optimizers/adam.js";
import type { Optimizer } from "../../src/optimizers/optimizer.js";
import { sgd } from "../../src/optimizers/sgd.js";

// The file's Python script says how it was made.
const keras: { start: number[]; curvature: number[]; paths: Record<string, number[][]> } = JSON.parse(
  readFileSync(new URL("./fixtures/keras-optimizers.json", import.meta.url), "utf8"),
);

const makers: Record<string, () => Optimizer> = {
  adam: () => adam({ learningRate: 0.05 }),
  "adam with other betas": () => adam({ learningRate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }),
  sgd: () => sgd({ learningRate: 0.05 }),
  "sgd with momentum": () => sgd({ learningRate: 0.02, momentum: 0.9 }),
  "sgd with nesterov": () => sgd({ learningRate: 0.02, momentum: 0.9, nesterov: true }),
};

let variable: tf.Variable;
let tensorsBefore: number;

beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
  variable = tf.tidy(() => tf.variable(tf.tensor1d(keras.start)));
});

afterEach(() => {
  variable.dispose();
  expect(tf.memory().numTensors).toBe(tensorsBefore);
});

function step(optimizer: Optimizer, gradient: number[]): void {
  tf.tidy(() => optimizer.apply({ [variable.name]: tf.tensor1d(gradient) }, [variable]));
}

describe.each(Object.entries(makers))("%s", (name, make) => {
  it("follows Keras for 50 steps", () => {
    const optimizer = make();
    const path = keras.paths[name]!;
    path.forEach((point, i) => {
      // The gradient where Keras stood, so that rounding in the points does not add up.
      const from = path[i - 1] ?? keras.start;
      const gradient = keras.curvature.map((c, j) => c * from[j]! + Math.cos(from[j]!));
      step(optimizer, gradient);
      variable.dataSync().forEach((value, j) => {
        expect(Math.abs(value - point[j]!)).toBeLessThan(1e-6 * Math.max(1, Math.abs(point[j]!)));
      });
    });
    optimizer.dispose();
  });

  it("takes a new learning rate from the next step on", () => {
    const optimizer = make();
    optimizer.learningRate = 0;
    step(optimizer, [1, 1, 1, 1]);
    expect(Array.from(variable.dataSync())).toEqual(keras.start);
    optimizer.learningRate = 0.1;
    step(optimizer, [1, 1, 1, 1]);
    expect(variable.dataSync()[0]).toBeLessThan(keras.start[0]!);
    optimizer.dispose();
  });

  it("leaves a variable without a gradient alone", () => {
    const optimizer = make();
    tf.tidy(() => optimizer.apply({}, [variable]));
    expect(Array.from(variable.dataSync())).toEqual(keras.start);
    optimizer.dispose();
  });

  it("starts anew after dispose", () => {
    const optimizer = make();
    const first = () => {
      variable.assign(tf.tidy(() => tf.tensor1d(keras.start)));
      step(optimizer, [1, -2, 3, 0.5]);
      return Array.from(variable.dataSync());
    };
    const moved = tf.tidy(first);
    optimizer.dispose();
    expect(tf.tidy(first)).toEqual(moved);
    optimizer.dispose();
  });
});

describe("slots", () => {
  it("belong to the variable's name, so that order and number of variables may change", () => {
    const other = tf.tidy(() => tf.variable(tf.tensor2d([[5, 6]])));
    const optimizer = sgd({ learningRate: 1, momentum: 0.5 });
    const both = { [variable.name]: [1, 1, 1, 1], [other.name]: [[1, 1]] };
    const apply = (variables: tf.Variable[]) =>
      tf.tidy(() => {
        const gradients = variables.map((v) => [v.name, tf.tensor(both[v.name]!)] as const);
        optimizer.apply(Object.fromEntries(gradients), variables);
      });
    apply([variable, other]);
    apply([other]);
    apply([other, variable]);
    expect(Array.from(variable.dataSync())).toEqual(keras.start.map((value) => value - 1 - 1.5));
    expect(Array.from(other.dataSync())).toEqual([5 - 1 - 1.5 - 1.75, 6 - 1 - 1.5 - 1.75]);
    optimizer.dispose();
    other.dispose();
  });
});

describe("options", () => {
  it.each<[() => Optimizer, string]>([
    [() => adam({ learningRate: Number.NaN }), "adam: learningRate must be a number from 0, got NaN."],
    [() => adam({ beta1: 1 }), "adam: beta1 must be a number from 0 and below 1, got 1."],
    [() => adam({ epsilon: 0 }), "adam: epsilon must be a number above 0, got 0."],
    [() => sgd({ momentum: -0.1 }), "sgd: momentum must be a number from 0 and below 1, got -0.1."],
    [
      () => sgd({ nesterov: true }),
      "sgd: nesterov needs a momentum above 0, got 0. Pass momentum: 0.9 or leave nesterov out.",
    ],
  ])("a value out of range is refused (%#)", (make, message) => {
    expect(make).toThrow(message);
  });
});
