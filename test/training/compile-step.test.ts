import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { tf } from "../../src/engine/tf.js";
import { adam } from "../../src/optimizers/adam.js";
import { sgd } from "../../src/optimizers/sgd.js";
import { compileStep } from "../../src/training/compile-step.js";

let tensorsBefore: number;
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensorsBefore);
});

const rows = (n: number, size: number, seed: number) => tf.randomUniform([n, size], -1, 1, "float32", seed);

/** Two inputs, two outputs, weights of samples: what `fit` does not take. */
function twoHeaded() {
  const dense = (units: number, seed: number, activation: "tanh" | "linear" = "linear") =>
    tf.layers.dense({ units, activation, kernelInitializer: tf.initializers.glorotUniform({ seed }) });
  const [a, b] = [tf.input({ shape: [3] }), tf.input({ shape: [2] })];
  const both = dense(4, 1, "tanh").apply(tf.layers.concatenate().apply([a, b]));
  const dropped = tf.layers.dropout({ rate: 0.2 }).apply(both);
  const ends = [dense(1, 2), dense(2, 3)].map((end) => end.apply(dropped) as tf.SymbolicTensor);
  return tf.model({ inputs: [a, b], outputs: ends });
}

function lossOf(model: tf.LayersModel) {
  return (x: tf.Tensor, z: tf.Tensor, y: tf.Tensor, weights: tf.Tensor) => {
    const [one, two] = model.apply([x, z], { training: true }) as [tf.Tensor, tf.Tensor];
    const error = tf.add(tf.squaredDifference(one, y), tf.mean(tf.square(two), 1, true));
    return tf.mean(tf.mul(weights, error));
  };
}

describe("compileStep", () => {
  it("trains several inputs and outputs with weights of samples, as the same loop by hand", () => {
    const batches = [4, 4, 3].map(
      (n, i) => [rows(n, 3, i + 1), rows(n, 2, i + 9), rows(n, 1, i + 17), rows(n, 1, i + 31)] as const,
    );
    const train = (compiled: boolean) => {
      const model = twoHeaded();
      const optimizer = sgd({ learningRate: 0.1 });
      const loss = lossOf(model);
      // Reading a number is what no graph can do.
      const reading = (...inputs: Parameters<typeof loss>) =>
        tf.mul(loss(...inputs), inputs[0].dataSync().length > 0 ? 1 : 0);
      const step = compileStep(compiled ? loss : reading, { variables: model, optimizer, seed: 4 });
      const losses = [0, 1].flatMap(() => batches.map((batch) => step(...batch)));
      expect(step.notCompiled).toBe(compiled ? null : "it reads the numbers of a tensor while it computes");
      const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()));
      step.dispose();
      optimizer.dispose();
      model.dispose();
      return [...losses, ...weights.flat()];
    };
    const [compiled, eager] = [train(true), train(false)];
    compiled.forEach((value, i) => {
      expect(value).toBeCloseTo(eager[i]!, 5);
    });
    expect(compiled[3]).toBeLessThan(compiled[0]!);
    for (const batch of batches) tf.dispose([...batch]);
  });

  it("gives every later use of a variable its newest value", () => {
    const w = tf.variable(tf.scalar(1));
    const optimizer = sgd({ learningRate: 0.25 });
    const step = compileStep((target) => tf.squaredDifference(w, target), { variables: [w], optimizer });
    const target = tf.scalar(3);
    expect(step(target)).toBe(4); // gradient 2 * (1 - 3) = -4
    expect(w.dataSync()[0]).toBe(2);
    tf.tidy(() => w.assign(tf.scalar(5)));
    expect(step(target)).toBe(4); // gradient 2 * (5 - 3) = 4
    expect(tf.tidy(() => tf.mul(w, 1).dataSync()[0])).toBe(4);
    step.dispose();
    expect(w.dataSync()[0]).toBe(4);
    optimizer.dispose();
    tf.dispose([w, target]);
  });

  it("leaves the variables as they are if the loss is not finite", () => {
    const w = tf.variable(tf.scalar(0));
    const optimizer = adam();
    const step = compileStep((x) => tf.mul(w, x), { variables: [w], optimizer });
    const x = tf.scalar(Number.POSITIVE_INFINITY);
    expect(step(x)).toBeNaN();
    step.dispose();
    expect(w.dataSync()[0]).toBe(0);
    optimizer.dispose();
    tf.dispose([w, x]);
  });

  it("a variable that the loss does not depend on stays", () => {
    const [w, other] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(7))];
    const optimizer = sgd({ learningRate: 0.5 });
    const step = compileStep((x) => tf.mul(w, x), { variables: [w, other], optimizer });
    const x = tf.scalar(2);
    step(x);
    step.dispose();
    expect([w, other].map((variable) => variable.dataSync()[0])).toEqual([0, 7]);
    tf.dispose([w, other, x]);
  });

  it("needs something to move", () => {
    const optimizer = sgd();
    expect(() => compileStep((x) => x, { variables: [], optimizer })).toThrow(
      "compileStep: variables must not be empty.",
    );
    expect(() => compileStep(3 as never, { variables: [], optimizer })).toThrow(
      "compileStep: loss must be a function, got 3.",
    );
  });
});
