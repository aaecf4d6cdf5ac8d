import { dirname, join } from "node:path";
import type { Callback } from "../callbacks/callback.js";
import { checkNumber, show } from "../core/check.js";
import { checkNames } from "../core/check-options.js";
import { DataError, OptionError } from "../core/errors.js";
import type { tf } from "../engine/tf.js";
import { lossOf as lossFrom } from "../losses/losses.js";
import { buildModel, unknownLayerClass } from "../models/model-description.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { type OptimizerName, optimizers } from "../optimizers/optimizers.js";
import type { Schedule, ScheduleJSON } from "../optimizers/schedules/schedule.js";
import { schedules } from "../optimizers/schedules/schedules.js";
import { type Checkpoint, newestCheckpoint } from "../runs/checkpoint.js";
import { Recorder } from "../runs/recorder.js";
import { environmentChanges, thisEnvironment } from "../runs/run-environment.js";
import { type RunRecord, recordOf } from "../runs/run-record.js";
import { ClaimedRun, claimRun } from "../runs/run-writer.js";
import { train, withBoard } from "./fit.js";
import type { FitOptions, LabelledRows } from "./fit-options.js";
import { hashOf, type RunSamples, readSamples } from "./kept-samples.js";
import type { MetricChoice } from "./metrics.js";
import type { LossChoice, LossWeights } from "./objective.js";
import { checkFit, type FitPlan } from "./preflight.js";
import type { Rows } from "./rows.js";
import type { Run } from "./run.js";
import type { RunRecipe } from "./run-recipe.js";

const where = "resume";

/** What a run takes again, or takes otherwise, when it goes on. */
export interface ResumeOptions<X extends Rows = Rows, V extends Rows = Rows> {
  /** The rows that it learned from: needed if they were too many to be kept. */
  readonly train?: FitOptions<X, V>["train"];
  readonly validation?: FitOptions<X, V>["validation"];
  /** Needed if no file can hold the model; built of the same layers. Goes on in place. @default the model is built anew */
  readonly model?: tf.LayersModel;
  /** Needed if it is a function of one's own. */
  readonly loss?: LossChoice;
  /** Needed if one was made with options, or is of one's own. */
  readonly metrics?: MetricChoice;
  /** Needed if it is one of `tf.train` or has code in it; made with the options that it had. */
  readonly optimizer?: Optimizer | tf.Optimizer;
  /** Needed if the run had some; `[]` goes on without. They go on from where they were. */
  readonly callbacks?: readonly Callback[];
  /** How many the run has in all. @default as many as it had */
  readonly epochs?: number;
  /** From here on, for a run that diverged. @default as it was */
  readonly learningRate?: number | Schedule;
  readonly checkpoint?: FitOptions["checkpoint"];
}

const optionNames = [
  "train",
  "validation",
  "model",
  "loss",
  "metrics",
  "optimizer",
  "callbacks",
  "epochs",
  "learningRate",
  "checkpoint",
];

/**
 * Goes on with a run from its newest checkpoint: one that was interrupted, in the midst of an epoch too, one whose process ended, or
 * one that is over and gets more `epochs`. Weights, history and metrics become those of a run without the break, bit for bit,
 * on the same backend. Works in another process as well; what is code has to be passed again.
 *
 * @param run - Its id, or what `fit` handed back.
 * @throws OptionError or DataError, before anything is trained, if there is no such run, it still runs, or something is missing.
 *
 * @example
 * const run = await resume("20260131-120000-a1b2c");
 */
export async function resume<X extends Rows, V extends Rows>(
  run: string | { readonly id: string },
  options: ResumeOptions<X, V> = {},
): Promise<Run> {
  checkNames(where, options, optionNames);
  const record = recordOf(where, run);
  const claimed = claim(record);
  try {
    const checkpoint = await lastCheckpoint(record);
    const plan = await planOf(record, checkpoint, options as ResumeOptions);
    warnOfChanges(record);
    const recorder = new Recorder({
      id: record.id,
      runs: dirname(record.folder),
      checkpoint: plan.checkpoint,
      claimed,
    });
    return await train({ ...plan, callbacks: withBoard(plan.callbacks) }, recorder, checkpoint);
  } finally {
    claimed?.release();
  }
}

/** Undefined if nothing can be written there: then the run goes on all the same. */
function claim({ id, folder }: RunRecord): ClaimedRun | undefined {
  let claimed: ReturnType<typeof claimRun>;
  try {
    claimed = claimRun(folder);
  } catch (error) {
    console.warn(
      `Run ${id}: what happens from here on is not recorded: ${(error as Error).message}. Training goes on.`,
    );
    return undefined;
  }
  if (claimed instanceof ClaimedRun) return claimed;
  const { host, pid } = claimed;
  const who = pid === process.pid ? "this process" : `process ${pid} on ${host}`;
  throw new OptionError(
    `${where}: run ${id} is being trained by ${who}. Stop it there first, or follow it with runs.show.`,
  );
}

async function lastCheckpoint({ id, folder, status, reason }: RunRecord): Promise<Checkpoint> {
  const { checkpoint, damaged } = await newestCheckpoint(where, folder);
  for (const { reason } of damaged) console.warn(`${reason} Run ${id} goes on from the checkpoint before it.`);
  if (checkpoint !== null) return checkpoint;
  const why = damaged.length > 0 ? "no checkpoint that is whole" : "no checkpoint";
  throw new DataError(
    `${where}: run ${id} has ${why}${reason === null ? "" : ` (it is ${status}: ${reason.replace(/\.$/, "")})`}. Train anew with fit.`,
  );
}

async function planOf(record: RunRecord, checkpoint: Checkpoint, options: ResumeOptions): Promise<FitPlan> {
  const recipe = record.begin.recipe as unknown as RunRecipe;
  const epochs = epochsOf(record, checkpoint, options);
  if (record.status === "diverged" && options.learningRate === undefined) {
    throw new OptionError(`${where}: run ${record.id} diverged and would again. Pass a smaller learningRate.`);
  }
  if (recipe.callbacks.length > 0 && options.callbacks === undefined) {
    throw again(
      record,
      `had the callbacks ${recipe.callbacks.join(", ")}`,
      "callbacks",
      " or callbacks: [] to go on without",
    );
  }
  const optimizer = options.optimizer ?? optimizerOf(record, recipe);
  const loss = options.loss ?? lossOf(record, recipe);
  const kept = options.train === undefined ? await keptSamples(record) : undefined;
  if (options.train !== undefined && recipe.hasValidation && options.validation === undefined) {
    throw again(record, "had validation rows", "train, validation");
  }
  const model = options.model ?? modelOf(record, recipe);
  try {
    const { batchSize, seed, shuffle, compile, classWeights } = recipe;
    const several = recipe.losses.length > 1;
    const plan = checkFit(
      model,
      {
        train: options.train as LabelledRows<never>,
        ...(options.validation && { validation: options.validation as LabelledRows<never> }),
        loss,
        ...(several && { lossWeights: lossWeightsOf(recipe) }),
        ...(classWeights !== null && { classWeights }),
        metrics: options.metrics ?? metricsOf(record, recipe),
        optimizer,
        ...(options.callbacks && { callbacks: options.callbacks }),
        ...(options.checkpoint !== undefined && { checkpoint: options.checkpoint }),
        epochs,
        batchSize,
        seed,
        shuffle,
        compile,
        title: record.title,
      },
      kept,
    );
    if (kept === undefined) checkSame(record, plan);
    return { ...plan, ownsOptimizer: options.optimizer === undefined, newLearningRate: options.learningRate };
  } catch (error) {
    if (options.model === undefined) model.dispose();
    throw error;
  }
}

function epochsOf({ id, setup, status }: RunRecord, { epoch }: Checkpoint, { epochs }: ResumeOptions): number {
  const all = epochs ?? (setup.epochs as number);
  checkNumber(where, "epochs", all, { integer: true, atLeast: 1 });
  if (all > epoch) return all;
  throw new OptionError(
    `${where}: run ${id} is ${status} and has ${epoch} epochs. Pass epochs above ${epoch} to go on.`,
  );
}

function optimizerOf(record: RunRecord, { optimizer, optimizerName }: RunRecipe): Optimizer {
  if (optimizer === null)
    throw again(record, `was trained with an optimizer that is code (${optimizerName})`, "optimizer");
  const { learningRate, ...options } = optimizer.options as { learningRate?: number | ScheduleJSON };
  const rate = typeof learningRate === "object" ? schedules.fromJSON(learningRate) : learningRate;
  const make = optimizers[optimizer.name as OptimizerName];
  return make({ ...options, ...(rate !== undefined && { learningRate: rate }) });
}

function metricsOf(record: RunRecord, { losses, metrics }: RunRecipe): MetricChoice {
  const choice = metrics.map((own) => {
    return own.map((name) => {
      if (name !== null) return name;
      throw again(record, "measured a metric that was made for it", "metrics");
    });
  });
  return losses.length > 1 ? Object.fromEntries(losses.map(({ output }, i) => [output, choice[i]!])) : choice[0]!;
}

function lossOf(record: RunRecord, { losses }: RunRecipe): LossChoice {
  const own = losses.find(({ loss }) => loss === null);
  if (own !== undefined)
    throw again(record, `was trained with a loss of your own for the output "${own.output}"`, "loss");
  const byOutput = losses.map(({ output, loss }) => [output, lossFrom(where, loss!)] as const);
  return losses.length === 1 ? byOutput[0]![1] : Object.fromEntries(byOutput);
}

function lossWeightsOf({ losses }: RunRecipe): LossWeights {
  if (losses.some(({ weight }) => weight === null)) return "uncertainty";
  return Object.fromEntries(losses.map(({ output, weight }) => [output, weight!]));
}

function modelOf(record: RunRecord, { model, noModel, metadata }: RunRecipe): tf.LayersModel {
  if (model === null) throw again(record, `has a model that no file can hold (${noModel})`, "model");
  const unknown = unknownLayerClass(model);
  if (unknown !== undefined) {
    throw new DataError(
      `${where}: run ${record.id} has a layer of the class ${show(unknown)}, which is not known here. Run the cell that defines it, with tf.serialization.registerClass(${unknown}), first.`,
    );
  }
  const built = buildModel(model);
  built.setUserDefinedMetadata(metadata);
  return built;
}

async function keptSamples(record: RunRecord): Promise<RunSamples> {
  const { file } = record.begin.data;
  if (file === null) throw again(record, "has more rows than are kept beside a run", "train, validation");
  return readSamples(where, join(record.folder, file));
}

function checkSame({ id, begin }: RunRecord, plan: FitPlan): void {
  if (hashOf(plan) === begin.data.hash) return;
  throw new DataError(
    `${where}: train and validation are not the data of run ${id}: a row, a target or a weight differs, or their order or type. Pass the same rows, or begin a new run with fit.`,
  );
}

function again({ id }: RunRecord, what: string, names: string, more = ""): OptionError {
  return new OptionError(`${where}: run ${id} ${what}. Pass it again: resume(id, { ${names} })${more}.`);
}

function warnOfChanges({ id, begin }: RunRecord): void {
  const changes = environmentChanges(begin.environment, thisEnvironment());
  if (changes.length === 0) return;
  console.warn(`Run ${id}: ${changes.join(", ")}: the last bits may differ from those of a run without the break.`);
}
