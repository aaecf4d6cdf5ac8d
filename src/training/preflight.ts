import type { Callback } from "../callbacks/callback.js";
import { checkNumber, checkOneOf, show } from "../core/check.js";
import { checkNames } from "../core/check-options.js";
import { OptionError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import type { RunOptimizer } from "../optimizers/optimizer.js";
import { type OptimizerName, optimizers } from "../optimizers/optimizers.js";
import type { Schedule } from "../optimizers/schedules/schedule.js";
import { stockOptimizer } from "../optimizers/stock-optimizer.js";
import type { CheckpointOptions } from "../runs/checkpoint-clock.js";
import type { FitOptions } from "./fit-options.js";
import type { RunSamples } from "./kept-samples.js";
import { checkMetrics, type OutputMetrics } from "./metrics.js";
import { checkLossFits, modelSpec } from "./model-spec.js";
import type { NumberBlock } from "./number-block.js";
import { type Objective, objectiveOf } from "./objective.js";
import { type ClassWeights, withClassWeights } from "./sample-weights.js";
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
  readonly objective: Objective;
  /** Of each output. */
  readonly metrics: OutputMetrics;
  readonly callbacks: readonly Callback[];
  readonly seed: number;
  readonly shuffle: boolean;
  readonly compile: boolean;
  readonly title: string;
  readonly classWeights?: ClassWeights | undefined;
  /** Of a run that goes on: from there on. */
  readonly newLearningRate?: number | Schedule | undefined;
  /** Whether the run is written to the disk. */
  readonly record: boolean;
  /** Rows with more bytes are not kept beside the run. */
  readonly maxDataBytes: number;
  readonly checkpoint: CheckpointOptions | false;
}

const maxDataBytes = 64 * 2 ** 20;

/**
 * Checks everything at the door, in the order in which a reader would: model, loss, data, numbers.
 * @param kept - Rows that were checked when the run began, in the place of those of `options`.
 */
export function checkFit(model: tf.LayersModel, options: FitOptions, kept?: RunSamples): FitPlan {
  const { train, validation, batchSize = 32, seed = 0, shuffle = true, compile = true, title = "Training" } = options;
  const spec = modelSpec("fit", model);
  if (model.trainableWeights.length === 0) throw new OptionError("fit: the model has no trainable weights.");
  const objective = objectiveOf("fit", spec, options.loss, options.lossWeights);
  for (const [i, { loss }] of objective.outputs.entries()) checkLossFits("fit", model, i, loss);
  const samples = kept ?? {
    train: weighed(checkSamples("fit: train", train, spec, objective, ["validation", "test"]), options),
    validation:
      validation === undefined ? null : checkSamples("fit: validation", validation, spec, objective, ["test"]),
  };
  return {
    model,
    ...samples,
    epochs: checkNumber("fit", "epochs", options.epochs, { integer: true, atLeast: 1 }),
    batchSize: checkNumber("fit", "batchSize", batchSize, { integer: true, atLeast: 1 }),
    optimizer: checkOptimizer(options),
    ownsOptimizer: typeof (options.optimizer ?? "adam") === "string",
    objective,
    metrics: checkMetrics("fit", options.metrics, objective, spec),
    callbacks: checkCallbacks(options.callbacks),
    seed: checkNumber("fit", "seed", seed, { integer: true }),
    shuffle,
    compile,
    title,
    classWeights: options.classWeights,
    ...checkRecording(options),
  };
}

function checkRecording({ record = true, checkpoint = {} }: FitOptions) {
  if (typeof record !== "boolean") checkNames("fit: record", record, ["maxDataBytes"]);
  const isOn = record !== false;
  const { maxDataBytes: most = maxDataBytes } = typeof record === "boolean" ? {} : record;
  checkNumber("fit", "record.maxDataBytes", most, { atLeast: 0 });
  return { record: isOn, maxDataBytes: most, checkpoint: checkCheckpoint(checkpoint) };
}

function checkCheckpoint(options: CheckpointOptions | false): CheckpointOptions | false {
  if (options === false) return false;
  checkNames("fit: checkpoint", options, ["everySteps", "everySeconds"]);
  const { everySteps, everySeconds } = options;
  if (everySteps !== undefined) checkNumber("fit", "checkpoint.everySteps", everySteps, { integer: true, atLeast: 1 });
  if (everySeconds !== undefined) checkNumber("fit", "checkpoint.everySeconds", everySeconds, { above: 0 });
  return options;
}

/** Class weights are weights of samples. */
function weighed(samples: Samples, { classWeights }: FitOptions): Samples {
  if (classWeights === undefined) return samples;
  const [targets] = samples.targets as [NumberBlock];
  const isLabels = targets.dtype === "int32" || (targets.shape.length === 2 && targets.shape[1] === 1);
  if (samples.targets.length > 1 || !isLabels) {
    throw new OptionError(
      "fit: classWeights need a model with one output and one label for each row. Pass the weight of each row as train.weights.",
    );
  }
  return { ...samples, weights: [withClassWeights("fit", classWeights, targets, samples.weights[0]!)] };
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

function checkCallbacks(callbacks: readonly Callback[] = []): readonly Callback[] {
  if (!Array.isArray(callbacks)) throw new OptionError(`fit: callbacks must be an array, got ${show(callbacks)}.`);
  return callbacks;
}
