import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "@jest/globals";
import { tf } from "../../src/engine/tf.js";
import { adagrad } from "../../src/optimizers/adagrad.js";
import { adam, adamw } from "../../src/optimizers/adam.js";
import { adamax } from "../../src/optimizers/adamax.js";
import { lion } from "../../src/optimizers/lion.js";
import { nadam } from "../../src/optimizers/nadam.js";
import type { NamedArray, Optimizer } from "../../src/optimizers/optimizer.js";
import { rmsprop } from "../../src/optimizers/rmsprop.js";
import { schedules } from "../../src/optimizers/schedules/schedules.js";
import { sgd } from "../../src/optimizers/sgd.js";
import { arrayOf, ways } from "./ways.js";

type Nested = number | readonly Nested[];

interface KerasFixture {
  readonly start: Readonly<Record<string, Nested>>;
  readonly curvature: Readonly<Record<string, Nested>>;
  readonly paths: Readonly<Record<string, { readonly points: number[][]; readonly averages?: number[] }>>;
}

interface TorchFixture {
  readonly start: Nested;
  readonly curvature: Nested;
  readonly paths: Readonly<Record<string, number[][]>>;
}

// The Python scripts beside the fixtures made them, and say with which versions.
const keras = fixture<KerasFixture>("keras-optimizers.json");
const torch = fixture<TorchFixture>("torch-optimizers.json");

const all = { appliesTo: () => true }; // Keras decays biases and scales too
const fast = { learningRate: 0.05 };
const slow = { learningRate: 0.02 };
const kerasMakers: Record<string, () => Optimizer> = {
  sgd: () => sgd(fast),
  "sgd with momentum": () => sgd({ ...slow, momentum: 0.9 }),
  "sgd with nesterov": () => sgd({ ...slow, momentum: 0.9, nesterov: true }),
  adam: () => adam(fast),
  "adam with its defaults": () => adam(),
  "adam with other betas": () => adam({ ...slow, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }),
  "adam with amsgrad": () => adam({ ...fast, amsgrad: true, beta2: 0.9 }),
  adamw: () => adamw({ ...fast, weightDecay: { rate: 0.004, ...all } }),
  "adamw with amsgrad": () => adamw({ ...fast, weightDecay: { rate: 0.1, ...all }, amsgrad: true }),
  "adamw without decay of bias and scale": () => adamw({ ...fast, weightDecay: 0.1 }),
  nadam: () => nadam(fast),
  "nadam with other betas": () => nadam({ ...slow, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }),
  adamax: () => adamax(fast),
  "adamax with other betas": () => adamax({ ...slow, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }),
  rmsprop: () => rmsprop(slow),
  "rmsprop with momentum": () => rmsprop({ learningRate: 0.01, rho: 0.8, momentum: 0.7 }),
  "rmsprop centered": () => rmsprop({ ...slow, centered: true, epsilon: 1e-2 }),
  "rmsprop centered with momentum": () =>
    rmsprop({ learningRate: 0.01, rho: 0.95, momentum: 0.5, centered: true, epsilon: 1e-4 }),
  adagrad: () => adagrad({ learningRate: 0.1 }),
  "adagrad with another start": () => adagrad({ learningRate: 0.1, initialAccumulatorValue: 0, epsilon: 1e-3 }),
  lion: () => lion({ learningRate: 0.01 }),
  "lion with other betas": () =>
    lion({ learningRate: 0.01, beta1: 0.8, beta2: 0.95, weightDecay: { rate: 0.1, ...all } }),
  "sgd with weight decay": () => sgd({ ...slow, momentum: 0.8, weightDecay: { rate: 0.1, ...all } }),
  "adam with clipNorm": () => adam({ ...fast, clipNorm: 1 }),
  "sgd with globalClipNorm": () => sgd({ ...slow, momentum: 0.8, globalClipNorm: 2 }),
  "rmsprop with clipValue": () => rmsprop({ ...slow, clipValue: 0.5 }),
  "adam with accumulate": () => adam({ ...fast, accumulate: 4 }),
  "adamw with accumulate and globalClipNorm": () =>
    adamw({ ...fast, accumulate: 3, globalClipNorm: 2, weightDecay: { rate: 0.1, ...all } }),
  "adam with ema": () => adam({ ...fast, ema: { momentum: 0.9 } }),
  "sgd with ema that overwrites": () => sgd({ ...slow, momentum: 0.8, ema: { momentum: 0.8, overwriteEvery: 5 } }),
  "adam on a cosine": () =>
    adam({ learningRate: schedules.cosine({ initialLearningRate: 0.1, decaySteps: 40, alpha: 0.1 }) }),
  "sgd on a warm-up": () => {
    const schedule = schedules.cosine({ initialLearningRate: 0.1, decaySteps: 30 });
    return sgd({ learningRate: schedules.warmUp({ steps: 10, schedule }), momentum: 0.5 });
  },
};

const tiny = { epsilon: 1e-20 };
const torchMakers: Record<string, () => Optimizer> = {
  sgd: () => sgd(fast),
  adam: () => adam({ ...fast, ...tiny }),
  adamw: () => adamw({ ...fast, ...tiny, weightDecay: 0.1 }),
  adamax: () => adamax({ ...fast, ...tiny }),
  adagrad: () => adagrad({ learningRate: 0.1, ...tiny }),
  rmsprop: () => rmsprop({ ...slow, ...tiny }),
  "rmsprop with momentum": () => rmsprop({ learningRate: 0.01, rho: 0.8, momentum: 0.5, ...tiny }),
  "sgd with globalClipNorm": () => sgd({ ...fast, globalClipNorm: 1 }),
};

afterAll(async () => {
  await tf.setBackend("wasm");
});

describe.each(Object.keys(ways))("on %s", (way) => {
  it.each(Object.keys(kerasMakers))("%s follows Keras for 50 steps", async (name) => {
    const start = Object.fromEntries(Object.entries(keras.start).map(([key, value]) => [key, tensorOf(value)]));
    const curvature = Object.values(keras.curvature).flatMap(flat);
    const { points, averages } = keras.paths[name]!;
    const optimizer = kerasMakers[name]!();
    await expectPath(way, optimizer, start, curvature, points);
    if (averages !== undefined)
      expectNear(
        Object.values(optimizer.averaged()).flatMap((a) => [...a.values]),
        averages,
      );
    optimizer.dispose();
  });

  it.each(Object.keys(torchMakers))("%s follows PyTorch for 50 steps", async (name) => {
    const optimizer = torchMakers[name]!();
    await expectPath(way, optimizer, { weight: tensorOf(torch.start) }, flat(torch.curvature), torch.paths[name]!);
    optimizer.dispose();
  });
});

it("has a case for each path of the fixtures", () => {
  expect(Object.keys(kerasMakers)).toEqual(Object.keys(keras.paths));
  expect(Object.keys(torchMakers)).toEqual(Object.keys(torch.paths));
});

/** The gradient is that where the reference stood, so that rounding in the points does not add up. */
async function expectPath(
  way: string,
  optimizer: Optimizer,
  start: Record<string, NamedArray>,
  curvature: number[],
  points: number[][],
): Promise<void> {
  const weights = await ways[way]!(start);
  let from = Object.values(start).flatMap(({ values }) => [...values]);
  for (const point of points) {
    const gradient = from.map((w, i) => curvature[i]! * w + Math.cos(w));
    expect(weights.step(optimizer, cut(gradient, start))).toBeNull();
    expectNear(Object.values(weights.values()).flat(), point);
    from = point;
  }
  weights.dispose();
}

function cut(numbers: number[], shapes: Record<string, NamedArray>): Record<string, number[]> {
  const rest = [...numbers];
  const parts = Object.entries(shapes).map(([name, { values }]) => [name, rest.splice(0, values.length)] as const);
  return Object.fromEntries(parts);
}

function expectNear(got: number[], expected: number[]): void {
  const errors = expected.map((value, i) => Math.abs(got[i]! - value) / Math.max(1, Math.abs(value)));
  expect(got).toHaveLength(expected.length);
  expect(Math.max(...errors)).toBeLessThan(1e-6);
}

function tensorOf(value: Nested): NamedArray {
  return arrayOf(shapeOf(value), flat(value));
}

function flat(value: Nested): number[] {
  return typeof value === "number" ? [value] : value.flatMap(flat);
}

function shapeOf(value: Nested): number[] {
  return typeof value === "number" ? [] : [value.length, ...shapeOf(value[0]!)];
}

function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../reference/optimizers/fixtures/${name}`, import.meta.url), "utf8"));
}
