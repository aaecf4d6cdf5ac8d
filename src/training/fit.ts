import type { Callback } from "../callbacks/callback.js";
import { LiveBoard } from "../callbacks/live-board.js";
import { stoppable } from "../core/stop.js";
import type { tf } from "../engine/tf.js";
import { canUpdate } from "../output/display.js";
import type { Checkpoint } from "../runs/checkpoint.js";
import { Recorder } from "../runs/recorder.js";
import { newRunId, runsFolder } from "../runs/runs-folder.js";
import type { FitOptions } from "./fit-options.js";
import { checkFit, type FitPlan } from "./preflight.js";
import type { Rows } from "./rows.js";
import type { Run } from "./run.js";
import { Training } from "./training.js";

/**
 * Trains `model` in place: for each epoch, for each batch of rows, forward, backward, update; then validation and the
 * callbacks. Always hands back a {@link Run} with a model that can be used, also when Stop is pressed or the loss diverges.
 *
 * @throws OptionError, ShapeError or DataError before anything is trained, if options, model and data do not fit together;
 * the test part of a split is refused.
 *
 * @example
 * const run = await fit(model, {
 *   train: { x: xTrain, y: yTrain },
 *   validation: { x: xValidation, y: yValidation },
 *   loss: "crossEntropy",
 *   epochs: 100,
 *   learningRate: 0.01,
 *   callbacks: [new EarlyStopping({ patience: 10 })],
 * });
 */
export async function fit<X extends Rows, V extends Rows>(
  model: tf.LayersModel,
  options: FitOptions<X, V>,
): Promise<Run> {
  const plan = checkFit(model, options as FitOptions);
  const { checkpoint } = plan;
  const recorder = new Recorder({ id: newRunId(), runs: plan.record ? runsFolder() : null, checkpoint });
  return train({ ...plan, callbacks: withBoard(plan.callbacks) }, recorder);
}

/**
 * Trains as planned, and shows nothing.
 * @param recorder - Writes the run down. @default nobody does
 * @param from - Where the run goes on. @default it begins
 */
export async function train(
  plan: FitPlan,
  recorder = new Recorder({ id: newRunId(), runs: null }),
  from: Checkpoint | null = null,
): Promise<Run> {
  const training = new Training(plan, recorder, from);
  try {
    return await stoppable((stopRequested) => training.run(stopRequested));
  } finally {
    training.dispose();
    recorder.close();
  }
}

/** Adds what follows every run in a notebook. */
export function withBoard(callbacks: readonly Callback[]): readonly Callback[] {
  const hasBoard = callbacks.some((callback) => callback instanceof LiveBoard);
  return hasBoard || !canUpdate() ? callbacks : [...callbacks, new LiveBoard()];
}
