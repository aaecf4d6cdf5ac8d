import type { Callback } from "../callbacks/callback.js";
import type { NotHeldOut } from "../core/part.js";
import type { tf } from "../engine/tf.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { OptimizerName } from "../optimizers/optimizers.js";
import type { Schedule } from "../optimizers/schedules/schedule.js";
import type { CheckpointOptions } from "../runs/checkpoint-clock.js";
import type { MetricChoice } from "./metrics.js";
import type { LossChoice, LossWeights } from "./objective.js";
import type { Numbers, Rows } from "./rows.js";
import type { ClassWeights } from "./sample-weights.js";

/** `Data`, unless it is the test part: then a type that no data fits and that says why. */
type NotTest<Data> = Data extends { readonly part: "test" }
  ? "choose with the validation part and keep the test part for evaluate"
  : Data;

/** `Rows` that may be learned from: none of them the validation or the test part of a split. */
type Learnable<X> = X extends Numbers ? NotHeldOut<X> : { readonly [K in keyof X]: NotHeldOut<X[K]> };

/** `Rows` that may be chosen with. */
type Choosable<X> = X extends Numbers ? NotTest<X> : { readonly [K in keyof X]: NotTest<X[K]> };

/** Rows and what to predict for each: class labels 0, 1, ... or numbers. A model of several inputs or outputs takes each by its name. */
export interface LabelledRows<X, Y = Rows> {
  readonly x: X;
  readonly y: Y;
  /**
   * How much each row counts in the loss, from 0; for outputs that are sequences also shape `(nSamples, nSteps)`. Several
   * outputs take them by name. @default 1 each
   */
  readonly weights?: Rows;
}

/** How a run is recorded. */
export interface RecordOptions {
  /** Rows and targets of at most so many bytes are kept beside the run, so that `resume` needs its id alone. @default 64 MB */
  readonly maxDataBytes?: number;
}

export interface FitOptions<X extends Rows = Rows, V extends Rows = Rows> {
  /** `x` in rows that fit the model's input; flat rows are cut into its shape. */
  readonly train: LabelledRows<Learnable<X>>;
  /** Measured after each epoch, never trained on. @default none */
  readonly validation?: LabelledRows<Choosable<V>>;
  /** Passes over the training rows. */
  readonly epochs: number;
  /** Rows of one step. @default 32 */
  readonly batchSize?: number;
  /** A number, or a schedule of the steps. @default that of the optimizer: 0.001 for adam, 0.01 for sgd */
  readonly learningRate?: number | Schedule;
  /** By name, or one of your own, also of `tf.train`, which then keeps its state for a next `fit`. @default "adam" */
  readonly optimizer?: OptimizerName | Optimizer | tf.Optimizer;
  /**
   * What training minimises: by name, with options (`losses.huber({ delta: 2 })`), as any differentiable function of
   * `(yTrue, yPred)`, or one of these for each output by its name.
   */
  readonly loss: LossChoice;
  /** How much the loss of each output counts; `"uncertainty"` learns it. @default 1 each */
  readonly lossWeights?: LossWeights;
  /** How much the rows of each class count, by label; `"balanced"` gives all classes the same sum. @default 1 each */
  readonly classWeights?: ClassWeights;
  /** Reported beside the loss. @default ["accuracy"] for classes and answers, [] otherwise */
  readonly metrics?: MetricChoice;
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
  /**
   * Write the run to the disk: `runs/<id>/` beside the notebook, or in the folder that the environment variable `ETUDE_RUNS`
   * names. Then `resume(id)` goes on with it, also after a crash. @default true
   */
  readonly record?: boolean | RecordOptions;
  /** When all that the run needs to go on is written, besides its begin and its end; false: never. @default once a minute at most */
  readonly checkpoint?: CheckpointOptions | false;
  /** Names the run on its board; earlier runs with this title are drawn beside it. @default "Training" */
  readonly title?: string;
}
