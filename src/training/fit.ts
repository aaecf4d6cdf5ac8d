import type { Callback } from "../callbacks/callback.js";
import { LiveBoard } from "../callbacks/live-board.js";
import { stoppable } from "../core/stop.js";
import type { tf } from "../engine/tf.js";
import { canUpdate } from "../output/display.js";
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
  return train({ ...plan, callbacks: withBoard(plan.callbacks) });
}

/** Trains as planned, and shows nothing. */
export async function train(plan: FitPlan): Promise<Run> {
  const training = new Training(plan);
  try {
    return await stoppable((stopRequested) => training.run(stopRequested));
  } finally {
    training.dispose();
  }
}

function withBoard(callbacks: readonly Callback[]): readonly Callback[] {
  const hasBoard = callbacks.some((callback) => callback instanceof LiveBoard);
  return hasBoard || !canUpdate() ? callbacks : [...callbacks, new LiveBoard()];
}
