import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { tf } from "../../src/engine/tf.js";
import { type LossName, losses, lossName } from "../../src/losses/loss.js";

interface Case {
  readonly yTrue: number[] | number[][];
  readonly loss: number;
  readonly gradient: number[][];
}

// The file's Python script says how it was made.
const keras: { yPred: number[][]; cases: Record<LossName, Case> } = JSON.parse(
  readFileSync(new URL("./fixtures/keras-losses.json", import.meta.url), "utf8"),
);

function gradientOf(name: LossName, yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  return tf.grad((z) => losses[name](yTrue, z))(yPred);
}

describe.each(Object.entries(keras.cases) as [LossName, Case][])("%s", (name, { yTrue, loss, gradient }) => {
  const target = tf.tensor(yTrue);
  const yPred = tf.tensor(keras.yPred);

  it("equals Keras from logits, at 40 and -40 too", () => {
    expect(losses[name](target, yPred).dataSync()[0]! / loss).toBeCloseTo(1, 6);
  });

  it("has the gradient of Keras", () => {
    const expected = gradient.flat();
    gradientOf(name, target, yPred)
      .dataSync()
      .forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 6);
      });
  });

  it("has the gradient that finite differences give", () => {
    const found = gradientOf(name, target, yPred).dataSync();
    const at = (i: number, change: number) => {
      const moved = Float32Array.from(keras.yPred.flat());
      moved[i]! += change;
      return losses[name](target, tf.tensor(moved, yPred.shape as [number, number])).dataSync()[0]!;
    };
    for (const i of [0, 5, 10, 23]) expect((at(i, 0.05) - at(i, -0.05)) / 0.1).toBeCloseTo(found[i]!, 2);
  });
});

describe("losses from logits", () => {
  it("a confident error has a finite cross-entropy and a full gradient", () => {
    const logits = tf.tensor2d([[40, -40]]);
    const labels = tf.tensor1d([1], "int32");
    expect(losses.crossEntropy(labels, logits).dataSync()[0]).toBe(80);
    expect(Array.from(gradientOf("crossEntropy", labels, logits).dataSync())).toEqual([1, -1]);
  });

  it("a confident wrong yes has a finite binary cross-entropy and a full gradient", () => {
    const logits = tf.tensor2d([[40], [-40]]);
    const answers = tf.tensor1d([0, 1]);
    expect(losses.binaryCrossEntropy(answers, logits).dataSync()[0]).toBe(40);
    expect(Array.from(gradientOf("binaryCrossEntropy", answers, logits).dataSync())).toEqual([0.5, -0.5]);
  });

  it("leave no tensors behind", () => {
    const [labels, logits] = [tf.tensor1d([0, 1], "int32"), tf.ones([2, 2])];
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      gradientOf("crossEntropy", labels, logits);
      gradientOf("binaryCrossEntropy", labels, tf.ones([2, 1]));
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it("an unknown name is refused with the names there are", () => {
    expect(() => lossName("fit", "hinge" as LossName)).toThrow(
      'fit: loss must be one of "crossEntropy", "binaryCrossEntropy", "meanSquaredError" or a function, got "hinge".',
    );
  });
});
