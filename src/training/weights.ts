import type { KeptWeights } from "../callbacks/callback.js";
import type { HostVariables } from "../engine/compiled/host-variables.js";
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

/** The same for weights in the memory of the process: copies them before each step. */
export class HostBackup {
  private good: Float32Array[];
  private latest: Float32Array[];
  private isGood = false;

  constructor(
    private readonly model: tf.LayersModel,
    private readonly host: HostVariables,
  ) {
    const copies = () => this.weights().map((weight) => new Float32Array(weight.data.length));
    this.good = copies();
    this.latest = copies();
  }

  beforeStep(): void {
    this.weights().forEach((weight, i) => {
      this.latest[i]!.set(weight.data as Float32Array);
    });
  }

  confirm(): void {
    [this.good, this.latest] = [this.latest, this.good];
    this.isGood = true;
  }

  restore(): void {
    const kept = this.isGood ? this.good : this.latest;
    this.model.weights.forEach((weight, i) => {
      const variable = weight.read() as tf.Variable;
      tf.tidy(() => variable.assign(tf.tensor(kept[i]!, variable.shape)));
    });
  }

  private weights() {
    return this.model.weights.map((weight) => this.host.of(weight.read() as tf.Variable).read());
  }
}
