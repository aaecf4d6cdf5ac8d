import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { RandomStream } from "../../src/core/random.js";
import { tf } from "../../src/engine/tf.js";
import { loadModel } from "../../src/models/load-model.js";
import { saveModel } from "../../src/models/save-model.js";
import { sgd } from "../../src/optimizers/sgd.js";
import { compileStep } from "../../src/training/compile-step.js";

export const weightsOf = (model: tf.LayersModel) => model.getWeights().map((weight) => Array.from(weight.dataSync()));

/** Parameters that training moves. */
export function parametersOf(model: tf.LayersModel): number {
  return model.trainableWeights.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]), 0);
}

/** Rows that fit the model's input, from -1 to 1. */
export function rowsFor(model: tf.LayersModel, n = 3): tf.Tensor {
  const shape = [n, ...model.inputs[0]!.shape.slice(1)] as number[];
  const random = RandomStream.of(3, "rows");
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.uniform() * 2 - 1);
  return tf.tensor(values, shape);
}

export const outputsOf = (model: tf.LayersModel, x: tf.Tensor) =>
  Array.from((model.predict(x) as tf.Tensor).dataSync());

/** The model that a file of `model` gives. */
export async function savedAndLoaded(model: tf.LayersModel): Promise<tf.LayersModel> {
  const folder = mkdtempSync(join(tmpdir(), "etude-model-"));
  try {
    const path = join(folder, "model.safetensors");
    await saveModel(model, path);
    return await loadModel(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Three things that hold for every model: a file gives it back bit by bit, its training step is a graph, and that graph moves
 * the weights as the step does operation by operation.
 */
export async function expectSavesAndCompiles(make: () => tf.LayersModel, x = rowsFor(make())): Promise<void> {
  const [model, eager] = [make(), make()];
  expect(outputsOf(await savedAndLoaded(model), x)).toEqual(outputsOf(model, x));

  const loss = (net: tf.LayersModel) => (x: tf.Tensor) =>
    tf.mean(tf.square(tf.sub(net.apply(x, { training: true }) as tf.Tensor, 1))) as tf.Scalar;
  const step = compileStep(loss(model), { variables: model, optimizer: sgd({ learningRate: 0.01 }) });
  const value = step(x);
  expect(step.notCompiled).toBeNull();
  const { value: expected, grads } = tf.variableGrads(() => loss(eager)(x));
  tf.train.sgd(0.01).applyGradients(grads);
  expect(Math.abs(value / expected.dataSync()[0]! - 1)).toBeLessThan(1e-5);
  const [moved, wanted] = [weightsOf(model).flat(), weightsOf(eager).flat()];
  const distance = moved.reduce((most, w, i) => Math.max(most, Math.abs(w - wanted[i]!)), 0);
  expect(distance).toBeLessThan(1e-5);
  step.dispose();
}
