import { RandomStream } from "../../src/core/random.js";
import { tf } from "../../src/engine/tf.js";

/** The same inputs for models with the same input shapes: small whole numbers, which embeddings take too. */
export function inputsFor(model: tf.LayersModel, nRows = 3): tf.Tensor[] {
  const random = RandomStream.of(1, "data");
  return model.inputs.map(({ shape }) => {
    const size = [nRows, ...shape.slice(1).map((n) => n ?? 1)];
    const values = Array.from({ length: size.reduce((a, b) => a * b) }, () => random.integer(5));
    return tf.tensor(values, size);
  });
}

/** Weights that no initializer gives, so that a weight which was not set shows. */
export function randomiseWeights(model: tf.LayersModel, seed = 2): void {
  const random = RandomStream.of(seed, "data");
  for (const weight of model.weights) {
    const values = Float32Array.from({ length: weight.shape.reduce((a: number, b) => a * (b ?? 1), 1) }, () =>
      random.uniform(),
    );
    weight.write(tf.tensor(values, weight.shape as number[]));
  }
}

export function outputsOf(model: tf.LayersModel): number[][] {
  return tf.tidy(() => {
    const inputs = inputsFor(model);
    const outputs = [model.predict(inputs.length === 1 ? inputs[0]! : inputs)].flat();
    return outputs.map((output) => Array.from(output.dataSync()));
  });
}

export function weightsOf(model: tf.LayersModel): number[][] {
  return model.weights.map((weight) => Array.from(weight.read().dataSync()));
}
