import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";
import type { Block } from "../../../src/layers/blocks/block.js";
import { blocks } from "../../../src/layers/blocks/blocks.js";
import { weightsByKey } from "../../../src/models/model-weights.js";
import { outputsOf } from "../../architectures/judged-model.js";

interface TorchBlock {
  readonly outputs: number[];
  readonly loss: number;
  readonly gradients: Record<string, number[]>;
}

// The script beside it made it, and says with which version of PyTorch.
const reference: { blocks: Record<string, TorchBlock> } = JSON.parse(
  readFileSync(new URL("../../reference/architectures/fixtures/torch-blocks.json", import.meta.url), "utf8"),
);

const { denseResidual, depthwiseSeparable, invertedResidual } = blocks;
const cases: [name: string, block: Block, shape: number[]][] = [
  ["depthwiseSeparable", depthwiseSeparable({ filters: 3, stride: 2, name: "b" }), [6, 5, 4]],
  ["invertedResidual", invertedResidual({ filters: 4, name: "b" }), [6, 5, 4]],
  [
    "invertedResidual, stride",
    invertedResidual({ filters: 5, expansion: 2, kernelSize: 5, stride: 2, name: "b" }),
    [6, 5, 4],
  ],
  ["denseResidual", denseResidual({ name: "b" }), [5]],
];

/** From -1 to 1, the same in Python. */
function numbers(name: string, count: number): number[] {
  const start = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return Array.from({ length: count }, (_, i) => Math.sin(start + 0.7 * i));
}

/** The largest difference, relative to the largest of the numbers if that is above 1: in float32 it is the sums that round. */
function distance(a: ArrayLike<number>, b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  const scale = Math.max(1, ...b.map(Math.abs));
  return Math.max(...b.map((value, i) => Math.abs(a[i]! - value) / scale));
}

describe("blocks", () => {
  it.each(cases)("%s: outputs, loss and gradients are PyTorch's", (name, block, shape) => {
    const { outputs, loss, gradients } = reference.blocks[name]!;
    const input = tf.input({ shape });
    const model = tf.model({ inputs: input, outputs: block(input) });
    const weights = weightsByKey(model);
    for (const [key, weight] of weights) {
      const isScale = key.endsWith("gamma") || key.endsWith("moving_variance");
      const values = numbers(key, tf.util.sizeFromShape(weight.shape as number[]));
      const scaled = values.map((value) => (isScale ? 1 : 0) + value / 2);
      weight.write(tf.tensor(scaled, weight.shape as number[]));
    }
    const x = tf.tensor(numbers("image", 2 * tf.util.sizeFromShape(shape)), [2, ...shape]);
    expect(distance(outputsOf(model, x), outputs)).toBeLessThan(1e-5);
    const { value, grads } = tf.variableGrads(() =>
      tf.mean(tf.square(model.apply(x, { training: true }) as tf.Tensor)),
    );
    expect(distance(value.dataSync(), [loss])).toBeLessThan(1e-5);
    const trainable = [...weights].filter(([, weight]) => weight.trainable);
    expect(trainable.map(([key]) => key).sort()).toEqual(Object.keys(gradients).sort());
    for (const [key, weight] of trainable) {
      const gradient = grads[(weight.read() as tf.Variable).name]!.dataSync();
      expect(distance(gradient, gradients[key]!)).toBeLessThan(1e-5);
    }
  });
});
