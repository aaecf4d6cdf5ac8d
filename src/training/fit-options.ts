import type { Callback } from "../callbacks/callback.js";
import type { NotHeldOut } from "../core/part.js";
import type { tf } from "../engine/tf.js";
import type { LossFunction, LossName } from "../losses/loss.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { OptimizerName } from "../optimizers/optimizers.js";
import type { Schedule } from "../optimizers/schedules/schedule.js";
import type { MetricName } from "./metrics.js";
import type { Numbers } from "./number-block.js";

/** `Data`, unless it is the test part: then a type that no data fits and that says why. */
type NotTest<Data> = Data extends { readonly part: "test" }
  ? "choose with the validation part and keep the test part for evaluate"
  : Data;

/** Rows and what to predict for each: class labels 0, 1, ... or numbers. */
export interface LabelledRows<X, Y = Numbers> {
  readonly x: X;
  readonly y: Y;
}

export interface FitOptions<X extends Numbers = Numbers, V extends Numbers = Numbers> {
  /** `x` in rows that fit the model's input; flat rows are cut into its shape. */
  readonly train: LabelledRows<NotHeldOut<X>>;
  /** Measured after each epoch, never trained on. @default none */
  readonly validation?: LabelledRows<NotTest<V>>;
  /** Passes over the training rows. */
  readonly epochs: number;
  /** Rows of one step. @default 32 */
  readonly batchSize?: number;
  /** A number, or a schedule of the steps. @default that of the optimizer: 0.001 for adam, 0.01 for sgd */
  readonly learningRate?: number | Schedule;
  /** By name, or one of your own, also of `tf.train`, which then keeps its state for a next `fit`. @default "adam" */
  readonly optimizer?: OptimizerName | Optimizer | tf.Optimizer;
  /** What training minimises, by name or as any differentiable function of `(yTrue, yPred)`. */
  readonly loss: LossName | LossFunction;
  /** Reported beside the loss. @default ["accuracy"] for the cross-entropies, [] otherwise */
  readonly metrics?: readonly MetricName[];
  /** @default none; in a notebook a LiveBoard is added */
  readonly callbacks?: readonly Callback[];
  /** Of the order of the rows and of dropout. The same seed gives the same run, bit for bit. @default 0 */
  readonly seed?: number;
  /** Train on the rows in a new order each epoch. @default true */
  readonly shuffle?: boolean;
  /**
   * Run each step as one graph in native code, where onnxruntime-node is installed: many times faster, the same numbers up to
   * rounding. A step that cannot be a graph runs operation by operation, and the run says why. @default true
   */
  readonly compile?: boolean;
  /** Names the run on its board; earlier runs with this title are drawn beside it. @default "Training" */
  readonly title?: string;
}
