import { tf } from "../../src/engine/tf.js";
import type { NamedArray, Optimizer } from "../../src/optimizers/optimizer.js";

/** Weights that an optimizer moves, wherever they lie. */
export interface Weights {
  step(optimizer: Optimizer, gradients: Readonly<Record<string, ArrayLike<number>>>): string | null;
  values(): Record<string, number[]>;
  /** None on arrays. */
  readonly variables: readonly tf.Variable[];
  dispose(): void;
}

type Way = (start: Readonly<Record<string, NamedArray>>) => Promise<Weights>;

/**
 * The three ways a rule runs, on four grounds: arrays; memory of wasm and cpu; and a backend whose memory is out of reach, as
 * that of TensorFlow or a GPU is: the one of cpu under another name.
 */
export const ways: Readonly<Record<string, Way>> = {
  arrays: async (start) => onArrays(start),
  wasm: (start) => onBackend("wasm", start),
  cpu: (start) => onBackend("cpu", start),
  elsewhere: (start) => onBackend("elsewhere", start),
};

await tf.setBackend("cpu"); // its kernels come with its first use
tf.registerBackend("elsewhere", tf.findBackendFactory("cpu"));
tf.copyRegisteredKernels("cpu", "elsewhere");
await tf.setBackend("wasm");

export function arrayOf(shape: readonly number[], numbers: ArrayLike<number>): NamedArray {
  return { shape, values: Float32Array.from(numbers) };
}

function onArrays(start: Readonly<Record<string, NamedArray>>): Weights {
  const weights = Object.entries(start).map(([name, { shape, values }]) => ({ name, shape, weight: values.slice() }));
  return {
    step(optimizer, gradients) {
      const moving = weights.filter(({ name }) => gradients[name] !== undefined);
      return optimizer.applyArrays(
        moving.map((weight) => ({ ...weight, gradient: Float32Array.from(gradients[weight.name]!) })),
      );
    },
    values: () => Object.fromEntries(weights.map(({ name, weight }) => [name, Array.from(weight)])),
    variables: [],
    dispose() {},
  };
}

let made = 0;

async function onBackend(backend: string, start: Readonly<Record<string, NamedArray>>): Promise<Weights> {
  await tf.setBackend(backend);
  const suffix = `@${made++}`; // names of variables are unique
  const variables = Object.entries(start).map(([name, { shape, values }]) =>
    tf.tidy(() => tf.variable(tf.tensor(values.slice(), [...shape], "float32"), true, name + suffix)),
  );
  for (const variable of variables) variable.name = variable.name.slice(0, -suffix.length);
  return {
    step(optimizer, gradients) {
      let refused: string | null = null;
      tf.tidy(() => {
        const entries = variables
          .filter(({ name }) => gradients[name] !== undefined)
          .map(({ name, shape }) => [name, tf.tensor(Float32Array.from(gradients[name]!), shape, "float32")] as const);
        refused = optimizer.apply(Object.fromEntries(entries), variables);
      });
      return refused;
    },
    values: () => Object.fromEntries(variables.map((variable) => [variable.name, Array.from(variable.dataSync())])),
    variables,
    dispose() {
      for (const variable of variables) variable.name += suffix;
      tf.dispose(variables);
    },
  };
}
