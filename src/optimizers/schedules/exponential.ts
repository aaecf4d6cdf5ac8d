import { checkOptions, rate, steps } from "./check-options.js";
import { type Schedule, scheduleOf } from "./schedule.js";

export interface ExponentialOptions {
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  /** What is left of the learning rate after `decaySteps`. */
  readonly decayRate: number;
  /** Fall once every `decaySteps`, not at every step. @default false */
  readonly staircase?: boolean;
}

/** `initialLearningRate * decayRate ^ (step / decaySteps)`, the `ExponentialDecay` of Keras. */
export function exponential(options: ExponentialOptions): Schedule {
  const kinds = { initialLearningRate: rate, decaySteps: steps, decayRate: { above: 0 }, staircase: "flag" } as const;
  const all = checkOptions("exponential", options, kinds, { staircase: false });
  const { initialLearningRate, decaySteps, decayRate, staircase } = all;
  return scheduleOf("exponential", options, 5 * decaySteps, (step) => {
    const part = step / decaySteps;
    return initialLearningRate * decayRate ** (staircase ? Math.floor(part) : part);
  });
}
