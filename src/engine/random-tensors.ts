// Dropout and noise draw from the stream of the run that trains, not from seeds of their own: TensorFlow.js would repeat one
// mask for ever with a seed, and give runs that differ without one.
import core = require("@tensorflow/tfjs-core");

import type { RandomStream } from "../core/random.js";

/** Random numbers that a step asks for. */
export type Draw =
  | { readonly kind: "uniform"; readonly min: number; readonly max: number }
  | { readonly kind: "normal" | "truncatedNormal"; readonly mean: number; readonly standardDeviation: number }
  /** 0 with probability `rate`, `1 / (1 - rate)` otherwise. */
  | { readonly kind: "keep"; readonly rate: number };

type Source = (draw: Draw, shape: readonly number[]) => core.Tensor;

let source: Source | null = null;

/** Lets `work` take its random tensors from `next`. */
export function drawWith<T>(next: Source, work: () => T): T {
  const outer = source;
  source = next;
  try {
    return work();
  } finally {
    source = outer;
  }
}

/** Lets `work` take its random tensors from `random`. */
export function drawFrom<T>(random: RandomStream, work: () => T): T {
  return drawWith((draw, shape) => {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
    fillDraw(values, draw, random);
    return core.tensor(values, [...shape]);
  }, work);
}

/** The same numbers for the same stream, however the step runs. */
export function fillDraw(values: Float32Array, draw: Draw, random: RandomStream): void {
  if (draw.kind === "keep") {
    const { rate } = draw;
    const kept = 1 / (1 - rate);
    random.fillUniform(values);
    for (let i = 0; i < values.length; i++) values[i] = values[i]! < rate ? 0 : kept;
  } else if (draw.kind === "uniform") {
    const { min, max } = draw;
    random.fillUniform(values);
    for (let i = 0; i < values.length; i++) values[i] = min + (max - min) * values[i]!;
  } else {
    const { kind, mean, standardDeviation } = draw;
    random.fillNormal(values);
    for (let i = 0; i < values.length; i++) {
      let z = values[i]!;
      while (kind === "truncatedNormal" && Math.abs(z) > 2) z = random.normal();
      values[i] = mean + standardDeviation * z;
    }
  }
}

const { dropout, randomNormal, randomUniform, truncatedNormal } = core;

function isFloat(dtype: core.DataType | undefined): boolean {
  return dtype === undefined || dtype === "float32";
}

const seeded: Partial<typeof core> = {
  dropout: (x, rate, noiseShape, seed) => {
    if (source === null || rate === 0) return dropout(x, rate, noiseShape, seed);
    const input = core.util.isTypedArray(x) || Array.isArray(x) ? core.tensor(x) : (x as core.Tensor);
    const shape = input.shape.map((size, i) => noiseShape?.[i] ?? size);
    return core.mul(input, source({ kind: "keep", rate }, shape));
  },
  randomNormal: (shape, mean = 0, standardDeviation = 1, dtype, seed) => {
    if (source === null || !isFloat(dtype)) return randomNormal(shape, mean, standardDeviation, dtype, seed);
    return source({ kind: "normal", mean, standardDeviation }, shape) as never;
  },
  randomUniform: (shape, min = 0, max = 1, dtype, seed) => {
    if (source === null || !isFloat(dtype as core.DataType)) return randomUniform(shape, min, max, dtype, seed);
    return source({ kind: "uniform", min, max }, shape) as never;
  },
  truncatedNormal: (shape, mean = 0, standardDeviation = 1, dtype, seed) => {
    if (source === null || !isFloat(dtype)) return truncatedNormal(shape, mean, standardDeviation, dtype, seed);
    return source({ kind: "truncatedNormal", mean, standardDeviation }, shape) as never;
  },
};
// Found by the layers, too: they call these through the module.
Object.assign(core, seeded);
