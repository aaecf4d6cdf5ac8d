import { readFileSync } from "node:fs";
import { tf } from "../../../src/engine/tf.js";

interface Fixture {
  readonly matrix: number[][];
  readonly regularizers: Readonly<Record<string, { readonly value: number; readonly gradient: number[][] }>>;
  readonly models: Readonly<Record<string, number>>;
  readonly activities: Readonly<Record<string, Activity>>;
  readonly constraints: Readonly<Record<string, number[][]>>;
  readonly trained: Readonly<Record<string, { readonly kernel: number[][]; readonly bias: number[] }>>;
}

/** Five steps of a model with a layer that costs by what it gives. */
interface Activity {
  /** The penalty of the first step. */
  readonly first: number;
  /** Of the steps. */
  readonly losses: number[];
  readonly afterwards: number;
  readonly weights: (number | number[])[];
}

const path = new URL("../../reference/regularizers/fixtures/keras-regularizers.json", import.meta.url);

/** The Python script beside the fixture made it, and says with which versions. */
export const keras: Fixture = JSON.parse(readFileSync(path, "utf8"));

/** Some weights, the same ones as in the script. */
export function numbers(shape: readonly number[], factor = 1): number[] {
  const size = shape.reduce((product, length) => product * length, 1);
  return Array.from({ length: size }, (_, i) => 0.5 * Math.sin(1 + i) * factor);
}

export function setNumbers(model: tf.LayersModel): tf.LayersModel {
  for (const weight of model.weights) {
    const value = tf.tensor(numbers(weight.shape as number[]), weight.shape as number[]);
    (weight.read() as tf.Variable).assign(value);
    value.dispose();
  }
  return model;
}
