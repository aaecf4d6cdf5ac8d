import { tf } from "../engine/tf.js";

/** Turns gradients into steps of the weights. What it remembers of a variable (its slots) is keyed by the variable's name. */
export interface Optimizer {
  /** Length of a step; assign it to change it from the next step on. */
  learningRate: number;
  /** Moves each of `variables` by the gradient under its name; a variable without a gradient stays. */
  apply(gradients: Readonly<Record<string, tf.Tensor>>, variables: readonly tf.Variable[]): string | null;
  applyArrays(parameters: readonly ArrayParameter[]): string | null;
  /** Frees the slots. The next `apply` starts with new ones. */
  dispose(): void;
}

export interface ArrayParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly weight: Float32Array;
  readonly gradient: Float32Array;
}

/** What an optimizer remembers: tensors in the shape of their variables, zero at first. */
export class Slots {
  private readonly slots = new Map<string, tf.Variable>();

  /** The slot `kind` of `variable`, made at first use. */
  of(variable: tf.Variable, kind: string): tf.Variable {
    const key = `${variable.name}/${kind}`;
    const known = this.slots.get(key);
    if (known !== undefined) return known;
    const made = tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
    this.slots.set(key, made);
    return made;
  }

  dispose(): void {
    for (const slot of this.slots.values()) slot.dispose();
    this.slots.clear();
  }
}
