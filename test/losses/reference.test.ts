import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { tf } from "../../src/engine/tf.js";
import type { Reduction } from "../../src/losses/loss.js";
import { type LossName, losses, lossOf } from "../../src/losses/losses.js";

// biome-ignore lint/suspicious/noExplicitAny: numbers in arrays of any depth
type Numbers = any;

interface Result {
  readonly reduction: Reduction;
  readonly weights?: Numbers;
  readonly value: number;
  readonly gradient: number[];
}

interface Case {
  readonly name: string;
  readonly loss: LossName;
  readonly options: Record<string, unknown>;
  readonly yTrue: Numbers;
  readonly yPred: Numbers;
  readonly results: Result[];
}

// The file says which versions made it; test/reference/losses/losses.py says how.
const { cases }: { cases: Case[] } = JSON.parse(
  readFileSync(new URL("../reference/losses/fixtures/losses.json", import.meta.url), "utf8"),
);

/** How far apart two numbers are, beside the larger of 1 and the one expected. */
const distance = (got: number, expected: number) => Math.abs(got - expected) / Math.max(1, Math.abs(expected));

describe.each(["cpu", "wasm"])("on %s, values and gradients are those of Keras and PyTorch", (backend) => {
  it.each(cases.map((one) => [one.name, one] as const))("%s", async (_, { loss, options, yTrue, yPred, results }) => {
    await tf.setBackend(backend);
    for (const { reduction, weights, value, gradient } of results) {
      tf.tidy(() => {
        const f = lossOf("test", { name: loss, options: { ...options, reduction } });
        const given = weights && tf.tensor(weights);
        const target = tf.tensor(yTrue);
        const found = tf.valueAndGrad((z: tf.Tensor) => f(target, z, given))(tf.tensor(yPred));
        expect(distance(found.value.dataSync()[0]!, value)).toBeLessThan(1e-5);
        const errors = Array.from(found.grad.dataSync(), (x, i) => distance(x, gradient[i]!));
        expect(errors).toHaveLength(gradient.length);
        expect(Math.max(...errors)).toBeLessThan(1e-5);
      });
    }
    await tf.setBackend("wasm");
  });
});

it("every loss has a reference", () => {
  expect([...new Set(cases.map(({ loss }) => loss))].sort()).toEqual(Object.keys(losses).sort());
});
