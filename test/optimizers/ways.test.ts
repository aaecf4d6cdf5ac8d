import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../src/core/random.js";
import { tf } from "../../src/engine/tf.js";
import type { NamedArray, Optimizer } from "../../src/optimizers/optimizer.js";
import { type OptimizerName, optimizers } from "../../src/optimizers/optimizers.js";
import { rmsprop } from "../../src/optimizers/rmsprop.js";
import { schedules } from "../../src/optimizers/schedules/schedules.js";
import { sgd } from "../../src/optimizers/sgd.js";
import { arrayOf, type Weights, ways } from "./ways.js";

const shapes = { kernel: [7, 9], bias: [5], scale: [], empty: [0, 3] } as const;
const sizes: Record<string, number> = { kernel: 63, bias: 5, scale: 1, empty: 0 };
const nSteps = 7;

const random = RandomStream.of(3, "data");
const normal = (n: number, scale = 1) => Float32Array.from({ length: n }, () => scale * random.normal());
const start: Record<string, NamedArray> = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => [name, arrayOf(shape, normal(sizes[name]!))]),
);
const gradients = Array.from({ length: nSteps }, (_, step) =>
  Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, normal(size, 10 ** (step % 3))])),
);

const cosine = schedules.cosine({ initialLearningRate: 0.1, decaySteps: 5 });
const makers: Record<string, () => Optimizer> = {
  ...optimizers,
  "rmsprop centered with momentum": () => rmsprop({ momentum: 0.9, centered: true }),
  ...Object.fromEntries(
    (Object.keys(optimizers) as OptimizerName[]).map((name) => [
      `${name} with options`,
      () =>
        optimizers[name]({
          learningRate: cosine,
          weightDecay: 0.1,
          clipValue: 0.5,
          accumulate: 2,
          ema: { momentum: 0.9, overwriteEvery: 2 },
        }),
    ]),
  ),
};

let tensorsBefore: number;
beforeEach(async () => {
  await tf.setBackend("wasm");
  tensorsBefore = tf.memory().numTensors;
});
afterEach(async () => {
  expect(tf.memory().numTensors).toBe(tensorsBefore);
  await tf.setBackend("wasm");
});

/** All steps with `optimizer`; its weights after each. */
async function path(way: string, optimizer: Optimizer, weights?: Weights): Promise<Record<string, number[]>[]> {
  const moved = weights ?? (await ways[way]!(start));
  const points = gradients.map((gradient) => {
    expect(moved.step(optimizer, gradient)).toBeNull();
    return moved.values();
  });
  if (weights === undefined) moved.dispose();
  return points;
}

describe.each(Object.keys(makers))("%s", (name) => {
  it("gives the same bits on arrays, wasm, cpu and as operations", async () => {
    const onArrays = await path("arrays", makers[name]!());
    expect(onArrays.at(-1)).not.toEqual(onArrays[0]);
    for (const way of ["wasm", "cpu", "elsewhere"]) {
      const optimizer = makers[name]!();
      expect(await path(way, optimizer)).toEqual(onArrays);
      optimizer.dispose();
    }
  });

  it("goes on with its slots when the way changes", async () => {
    const expected = await path("arrays", makers[name]!());
    const optimizer = makers[name]!();
    const order = ["arrays", "elsewhere", "wasm", "elsewhere", "cpu", "arrays", "elsewhere"];
    let from = start;
    for (const [step, way] of order.entries()) {
      const weights = await ways[way]!(from);
      weights.step(optimizer, gradients[step]!);
      expect(weights.values()).toEqual(expected[step]);
      from = Object.fromEntries(
        Object.entries(weights.values()).map(([key, values]) => [key, arrayOf(start[key]!.shape, values)]),
      );
      weights.dispose();
    }
    optimizer.dispose();
  });

  it.each(["arrays", "wasm", "elsewhere"])("goes on bit for bit from a saved state on %s", async (way) => {
    const whole = makers[name]!();
    const expected = await path(way, whole);
    whole.dispose();
    const first = makers[name]!();
    const weights = await ways[way]!(start);
    const half = 3; // with accumulate: in the midst of it
    for (const gradient of gradients.slice(0, half)) weights.step(first, gradient);
    const { json, arrays } = first.state();
    first.dispose();
    const second = makers[name]!();
    second.load({ json: JSON.parse(JSON.stringify(json)), arrays });
    expect(second.step).toBe(json.step);
    gradients.slice(half).forEach((gradient, i) => {
      weights.step(second, gradient);
      expect(weights.values()).toEqual(expected[half + i]);
    });
    weights.dispose();
    second.dispose();
  });

  it.each(Object.keys(ways))("refuses a gradient that is not finite and stays as it was on %s", async (way) => {
    const optimizer = makers[name]!();
    const weights = await ways[way]!(start);
    weights.step(optimizer, gradients[0]!);
    const before = [weights.values(), optimizer.state(), optimizer.step];
    for (const [variable, value] of [
      ["kernel", Number.NaN],
      ["bias", Number.POSITIVE_INFINITY],
      ["scale", Number.NEGATIVE_INFINITY],
    ] as const) {
      const bad = Float32Array.from(gradients[1]![variable]!);
      bad[bad.length - 1] = value;
      expect(weights.step(optimizer, { ...gradients[1]!, [variable]: bad })).toBe(variable);
      expect([weights.values(), optimizer.state(), optimizer.step]).toEqual(before);
    }
    weights.dispose();
    optimizer.dispose();
  });
});

it("moves variables that come along from another backend, also when the heap of wasm must grow for them", async () => {
  const size = 6_000_000;
  const large = arrayOf([size], new Float32Array(size));
  const weights = await ways.elsewhere!({ small: arrayOf([2], [1, 2]), large });
  const optimizer = sgd({ learningRate: 0.5, momentum: 0.5 });
  const gradient = { small: [1, -1], large: new Float32Array(size).fill(2) };
  for (const backend of ["elsewhere", "wasm", "cpu"]) {
    await tf.setBackend(backend);
    expect(weights.step(optimizer, gradient)).toBeNull();
  }
  const after = weights.values();
  expect(after.small).toEqual([1 - 0.5 - 0.75 - 0.875, 2 + 0.5 + 0.75 + 0.875]);
  expect(new Set(after.large)).toEqual(new Set([-1 - 1.5 - 1.75]));
  optimizer.dispose();
  weights.dispose();
});

describe("clipping by norm", () => {
  it.each(["clipNorm", "globalClipNorm"])("by %s is the same on all ways to seven digits", async (clip) => {
    const make = () => sgd({ learningRate: 0.1, [clip]: 5 });
    const onArrays = (await path("arrays", make())).at(-1)!;
    for (const way of ["wasm", "cpu", "elsewhere"]) {
      const optimizer = make();
      const there = (await path(way, optimizer)).at(-1)!;
      for (const [name, values] of Object.entries(onArrays)) {
        for (const [i, value] of values.entries()) expect(Math.abs(value - there[name]![i]!)).toBeLessThan(1e-6);
      }
      optimizer.dispose();
    }
  });

  it("leaves gradients of the largest float32 numbers finite on arrays", async () => {
    const weights = await ways.arrays!({ w: arrayOf([2], [0, 0]) });
    expect(weights.step(sgd({ learningRate: 1, globalClipNorm: 1 }), { w: [3e38, 3e38] })).toBeNull();
    expect(weights.values().w!.map((value) => Math.round(value * 1e6))).toEqual([-707107, -707107]);
  });
});

describe("memory", () => {
  it.each(["wasm", "cpu", "elsewhere"])("does not grow from step to step on %s", async (way) => {
    const optimizer = makers["adamw with options"]!();
    const weights = await ways[way]!(start);
    await path(way, optimizer, weights);
    const { numTensors, numBytes } = tf.memory();
    await path(way, optimizer, weights);
    await path(way, optimizer, weights);
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    optimizer.dispose();
    weights.dispose();
  });

  it("of the slots on wasm is no tensor at all", async () => {
    const optimizer = makers.adam!();
    const weights = await ways.wasm!(start);
    const { numTensors } = tf.memory();
    await path("wasm", optimizer, weights);
    expect(tf.memory().numTensors).toBe(numTensors);
    weights.dispose();
  });

  it("of a weight that is kept elsewhere is not written over on wasm", async () => {
    const optimizer = makers.sgd!();
    const weights = await ways.wasm!(start);
    const kept = weights.variables.map((variable) => variable.clone());
    await path("wasm", optimizer, weights);
    expect(kept.map((tensor) => tensor.dataSync())).toEqual(Object.values(start).map(({ values }) => values));
    tf.dispose(kept);
    weights.dispose();
  });
});
