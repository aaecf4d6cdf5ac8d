import type { Callback } from "../callbacks/callback.js";
import { LiveBoard } from "../callbacks/live-board.js";
import { checkNumber, checkOneOf, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { type LossFunction, type LossName, lossName } from "../losses/loss.js";
import type { RunOptimizer } from "../optimizers/optimizer.js";
import { type OptimizerName, optimizers } from "../optimizers/optimizers.js";
import { stockOptimizer } from "../optimizers/stock-optimizer.js";
import { canUpdate } from "../output/display.js";
import type { FitOptions } from "./fit-options.js";
import { checkMetrics, type MetricName } from "./metrics.js";
import { checkLossFits, modelSpec } from "./model-spec.js";
import { checkSamples, type Samples } from "./samples.js";

/** A training run whose every part was checked; nothing is on the backend yet. */
export interface FitPlan {
  readonly model: tf.LayersModel;
  readonly train: Samples;
  readonly validation: Samples | null;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: RunOptimizer;
  /** Whether the optimizer is the run's own, and freed with it. */
  readonly ownsOptimizer: boolean;
  readonly loss: LossName | LossFunction;
  readonly metrics: readonly MetricName[];
  readonly callbacks: readonly Callback[];
  readonly seed: number;
  readonly shuffle: boolean;
  readonly compile: boolean;
  readonly title: string;
}

/** Checks everything at the door, in the order in which a reader would: model, loss, data, numbers. */
export function checkFit(model: tf.LayersModel, options: FitOptions): FitPlan {
  const { train, validation, batchSize = 32, seed = 0, shuffle = true, compile = true, title = "Training" } = options;
  const spec = modelSpec("fit", model);
  if (model.trainableWeights.length === 0) throw new OptionError("fit: the model has no trainable weights.");
  const loss = lossName("fit", options.loss) ?? (options.loss as LossFunction);
  checkLossFits("fit", model, loss);
  return {
    model,
    train: checkSamples("fit: train", train, spec, loss, ["validation", "test"]),
    validation: validation === undefined ? null : checkSamples("fit: validation", validation, spec, loss, ["test"]),
    epochs: checkNumber("fit", "epochs", options.epochs, { integer: true, atLeast: 1 }),
    batchSize: checkNumber("fit", "batchSize", batchSize, { integer: true, atLeast: 1 }),
    optimizer: checkOptimizer(options),
    ownsOptimizer: typeof (options.optimizer ?? "adam") === "string",
    loss,
    metrics: checkMetrics("fit", options.metrics, loss),
    callbacks: withBoard(options.callbacks ?? []),
    seed: checkNumber("fit", "seed", seed, { integer: true }),
    shuffle,
    compile,
    title,
  };
}

function checkOptimizer({ optimizer = "adam", learningRate }: FitOptions): RunOptimizer {
  if (typeof learningRate === "number") checkNumber("fit", "learningRate", learningRate, { above: 0 });
  const rate = learningRate === undefined ? {} : { learningRate };
  const names = Object.keys(optimizers) as OptimizerName[];
  if (typeof optimizer === "string") return optimizers[checkOneOf("fit", "optimizer", optimizer, names)](rate);
  if (optimizer instanceof tf.Optimizer) return Object.assign(stockOptimizer(optimizer), rate);
  if (typeof optimizer.apply !== "function" || typeof optimizer.applyArrays !== "function") {
    throw new OptionError(
      `fit: optimizer must be a name such as "adam", or what a function such as adam() returns, got ${show(optimizer)}.`,
    );
  }
  return Object.assign(optimizer, rate);
}

function withBoard(callbacks: readonly Callback[]): readonly Callback[] {
  if (!Array.isArray(callbacks)) throw new OptionError(`fit: callbacks must be an array, got ${show(callbacks)}.`);
  const hasBoard = callbacks.some((callback) => callback instanceof LiveBoard);
  return hasBoard || !canUpdate() ? callbacks : [...callbacks, new LiveBoard()];
}
