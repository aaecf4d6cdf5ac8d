import type { HostVariables } from "../engine/compiled/host-variables.js";
import { tf } from "../engine/tf.js";

/** Weights that were kept; whoever keeps them disposes of them. */
interface Kept {
  restore(): void;
  dispose(): void;
}

type Weights = tf.LayersModel["weights"];

/** Keeps the weights as they are now. No number is copied: a variable that changes takes new memory. */
export function keepWeights(weights: Weights): Kept {
  return keptAs(
    weights,
    weights.map((weight) => tf.keep(weight.read().clone())),
  );
}

function keptAs(weights: Weights, values: readonly tf.Tensor[]): Kept {
  return {
    restore() {
      for (const [i, weight] of weights.entries()) weight.write(values[i]!);
    },
    dispose() {
      for (const value of values) value.dispose();
    },
  };
}

/** The numbers of weights, also where compiled steps move them: nothing is copied then. */
export function readWeights(weights: Weights, host: HostVariables | null): Float32Array[] {
  return weights.map((weight) => {
    const variable = weight.read() as tf.Variable;
    return host === null ? variable.dataSync<"float32">() : (host.of(variable).read().data as Float32Array);
  });
}

export function writeWeights(weights: Weights, values: readonly Float32Array[]): void {
  tf.tidy(() => {
    for (const [i, weight] of weights.entries()) weight.write(tf.tensor(values[i]!.slice(), weight.shape as number[]));
  });
}

/** Whether every weight of `model` is a finite number. */
export function hasFiniteWeights(model: tf.LayersModel): boolean {
  return tf.tidy(() => model.weights.every((weight) => Number.isFinite(tf.sum(tf.abs(weight.read())).dataSync()[0])));
}

/** Remembers the weights of the last step that had a finite loss, to go back to when training diverges. */
export class LastGoodWeights {
  private good: Kept | undefined;
  private latest: Kept | undefined;

  constructor(private readonly model: tf.LayersModel) {}

  beforeStep(): void {
    this.latest = keepWeights(this.model.weights);
  }

  /** The weights before this step gave a finite loss. */
  confirm(): void {
    this.good?.dispose();
    this.good = this.latest;
  }

  restore(): void {
    (this.good ?? this.latest)?.restore();
  }

  dispose(): void {
    this.good?.dispose();
    this.latest?.dispose();
  }
}
