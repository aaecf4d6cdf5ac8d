import type { Algebra } from "./algebra.js";

/**
 * How an optimizer moves a weight, written once: no state, no tensors, no loops.
 *
 * A variant that keeps fewer slots or scalars than the type names (momentum 0, say) leaves them out everywhere.
 */
export interface Rule<Slot extends string = string, Scalar extends string = string> {
  /** What is remembered of each weight, and its value before the first step. */
  readonly slots: Readonly<Partial<Record<Slot, number>>>;
  /**
   * The numbers that all weights share in one step.
   * @param step - How many steps came before.
   */
  scalars(step: number, learningRate: number): Readonly<Partial<Record<Scalar, number>>>;
  /** The step, which is taken off the weight, and the slots after it. */
  update<T>(
    algebra: Algebra<T>,
    before: { readonly gradient: T } & Readonly<Record<Slot, T>>,
    scalars: Readonly<Record<Scalar, T>>,
  ): { readonly step: T } & Readonly<Partial<Record<Slot, T>>>;
}
