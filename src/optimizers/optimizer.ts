import type { tf } from "../engine/tf.js";
import type { Schedule, ScheduleJSON } from "./schedules/schedule.js";

/** Turns gradients into steps of the weights. What it remembers of a variable (its slots) is keyed by the variable's name. */
export interface Optimizer {
  /** `"adam"` and so on: the function that made it. */
  readonly name: string;
  /** What made it, as plain data; null if a part of that is code, such as a custom schedule. */
  readonly config: OptimizerConfig | null;
  /** Updates of the weights so far; with `accumulate: n` it grows by one in n calls. */
  readonly step: number;
  /** Length of the next step. Assign a number or a schedule to go by it from the next step on. */
  get learningRate(): number;
  set learningRate(value: number | Schedule);
  /**
   * Moves each of `variables` by the gradient under its name; a variable without a gradient stays.
   * @returns `null`, or the name of the first variable whose gradient is not finite: then nothing moved, no slot changed and
   * the step does not count.
   */
  apply(gradients: Readonly<Record<string, tf.Tensor>>, variables: readonly tf.Variable[]): string | null;
  /** The same on arrays: writes each `weight`, moved by its `gradient`, to `out`. */
  applyArrays(parameters: readonly ArrayParameter[]): string | null;
  /** The moving averages of the weights by variable name, as copies. Needs the option `ema`. */
  averaged(): Record<string, NamedArray>;
  /** Puts the moving averages in the place of the weights, to measure with them. Needs the option `ema`. */
  useAveraged(variables: readonly tf.Variable[]): ReplacedWeights;
  /** All that it needs to go on later, bit for bit as if there had been no break. */
  state(): OptimizerState;
  /** Goes on from what `state()` of an optimizer with the same options gave. */
  load(state: OptimizerState): void;
  /** Frees the slots. The next `apply` starts at step 0 with new ones. */
  dispose(): void;
}

/** What a training run needs of an optimizer. */
export interface RunOptimizer
  extends Pick<Optimizer, "name" | "config" | "step" | "learningRate" | "apply" | "applyArrays" | "dispose"> {
  state(): OptimizerState | Promise<OptimizerState>;
  load(state: OptimizerState): void | Promise<void>;
}

/** Survives `JSON.stringify`: `optimizers[name](options)` makes the optimizer again, with a schedule as it was written down. */
export interface OptimizerConfig {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A weight and its gradient outside TensorFlow.js. */
export interface ArrayParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly weight: Float32Array;
  readonly gradient: Float32Array;
  /** Where the new weight goes; untouched by a call that makes no update. @default `weight` itself */
  readonly out?: Float32Array;
}

export interface NamedArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What {@link Optimizer.useAveraged} took away; either call frees it. */
export interface ReplacedWeights {
  /** Puts the weights back as they were. */
  restore(): void;
  /** Leaves the averages in place for good. */
  dispose(): void;
}

export interface OptimizerState {
  /** Survives `JSON.stringify`. */
  readonly json: OptimizerStateJSON;
  /** Slots by variable name and kind, such as `"dense/kernel/mean"`. */
  readonly arrays: Readonly<Record<string, NamedArray>>;
}

export interface OptimizerStateJSON {
  readonly optimizer: string;
  readonly step: number;
  /** Gradients gathered since the last update. */
  readonly pending: number;
  readonly learningRate: number | ScheduleJSON;
}
