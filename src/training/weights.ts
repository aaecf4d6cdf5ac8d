import type { KeptWeights } from "../callbacks/callback.js";
import { tf } from "../engine/tf.js";

/** Keeps the weights of `model` as they are now. No number is copied: a variable that changes takes new memory. */
export function keepWeights(model: tf.LayersModel): KeptWeights {
  const kept = model.weights.map((weight) => ({ weight, value: tf.keep(weight.read().clone()) }));
  return {
    restore() {
      for (const { weight, value } of kept) weight.write(value);
    },
    dispose() {
      for (const { value } of kept) value.dispose();
    },
  };
}

/** Whether every weight of `model` is a finite number. */
export function hasFiniteWeights(model: tf.LayersModel): boolean {
  return tf.tidy(() => model.weights.every((weight) => Number.isFinite(tf.sum(tf.abs(weight.read())).dataSync()[0])));
}

/** Remembers the weights of the last step that had a finite loss, to go back to when training diverges. */
export class LastGoodWeights {
  private good: KeptWeights | undefined;
  private latest: KeptWeights | undefined;

  constructor(private readonly model: tf.LayersModel) {}

  beforeStep(): void {
    this.latest = keepWeights(this.model);
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
