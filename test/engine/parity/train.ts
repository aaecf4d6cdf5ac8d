import { RandomStream } from "../../../src/core/random.js";
import { drawFrom } from "../../../src/engine/random-tensors.js";
import type { tf as engine } from "../../../src/engine/tf.js";
import type { NetMaker } from "./nets.js";

/** What a short training left behind. */
export interface Trained {
  readonly losses: number[];
  /** The values of each variable, then of each moving statistic. */
  readonly weights: number[][];
}

/** Moves variables by their gradients. */
export interface Mover {
  apply(gradients: Record<string, engine.Tensor>, variables: engine.Variable[]): unknown;
  dispose(): void;
}

/** Adam of TensorFlow.js, which every backend computes with its own operations. */
function stockAdam(tf: typeof engine): Mover {
  const optimizer = tf.train.adam(0.01);
  return {
    apply: (gradients) =>
      optimizer.applyGradients(Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }))),
    dispose: () => optimizer.dispose(),
  };
}

/** Trains a net on a backend for some Adam steps; what a layer draws is the same in every call. */
export async function train(
  tf: typeof engine,
  backend: string,
  maker: NetMaker,
  steps = 6,
  optimizer: Mover = stockAdam(tf),
): Promise<Trained> {
  await tf.setBackend(backend);
  const random = RandomStream.of(1, "dropout");
  const net = maker.make(tf);
  try {
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      tf.tidy(() => {
        const { value, grads } = drawFrom(random, () => tf.variableGrads(() => net.loss(), net.variables));
        optimizer.apply(grads, net.variables);
        losses.push(value.dataSync()[0]!);
      });
    }
    const weights = [...net.variables, ...net.statistics].map((weight) => Array.from(weight.dataSync()));
    return { losses, weights };
  } finally {
    optimizer.dispose();
    net.dispose();
  }
}

/** The largest difference of two trainings, relative to `max(1, |expected|)`; infinite where one is not a number. */
export function difference(got: Trained, expected: Trained): number {
  const flat = ({ losses, weights }: Trained) => [...losses, ...weights.flat()];
  const reference = flat(expected);
  const values = flat(got);
  if (values.length !== reference.length) return Number.POSITIVE_INFINITY;
  return values.reduce((largest, value, i) => {
    const own = Math.abs(value - reference[i]!) / Math.max(1, Math.abs(reference[i]!));
    return Number.isNaN(own) ? Number.POSITIVE_INFINITY : Math.max(largest, own);
  }, 0);
}
