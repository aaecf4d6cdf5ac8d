import type { JsonValue } from "../core/json.js";
import { isLoss } from "../losses/losses.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { FitPlan } from "./preflight.js";

/** The hyperparameters of a run as plain data, to be logged and compared. */
export function runSetup(plan: FitPlan): Readonly<Record<string, JsonValue>> {
  const { model, train, validation, epochs, batchSize, optimizer, objective, seed, shuffle, compile } = plan;
  const losses = objective.outputs.map(({ output, loss }) => {
    const name = isLoss(loss) ? loss.config.name : loss.name || "a function";
    return [output, name] as const;
  });
  return {
    optimizer: (optimizer as Partial<Optimizer>).name ?? "tf.train",
    learningRate: optimizer.learningRate,
    loss: losses.length === 1 ? losses[0]![1] : Object.fromEntries(losses),
    epochs,
    batchSize,
    seed,
    shuffle,
    compile,
    parameters: model.countParams(),
    nSamples: train.nSamples,
    ...(validation && { nValidation: validation.nSamples }),
  };
}
