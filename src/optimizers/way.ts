import type { VariableScalars } from "./full-rule.js";

export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Where a step is computed: on arrays or as operations of a backend. */
export interface Way<P extends Parameter> {
  /** The first parameter whose gradient holds NaN or an infinity. */
  firstNotFinite(parameters: readonly P[]): P | undefined;
  /** Adds the gradient to those gathered so far and returns the parameter with their sum as its gradient. */
  gather(parameter: P): P;
  /** Starts a new sum. */
  forgetGathered(parameter: P): void;
  /** The L2 norm of each gradient. */
  norms(parameters: readonly P[]): number[];
  /** Gets the numbers that the updates of a step share. */
  beginStep(scalars: Readonly<Record<string, number>>): void;
  /** Moves the weight and the slots. */
  update(parameter: P, own: VariableScalars): void;
  /** Puts the moving average in the place of the weight that `update` gave. */
  overwriteWithAverage(parameter: P): void;
}
