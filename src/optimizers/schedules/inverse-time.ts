import { checkOptions, rate, steps } from "./check-options.js";
import { type Schedule, scheduleOf } from "./schedule.js";

export interface InverseTimeOptions {
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly decayRate: number;
  /** Fall once every `decaySteps`, not at every step. @default false */
  readonly staircase?: boolean;
}

/** `initialLearningRate / (1 + decayRate * step / decaySteps)`, the `InverseTimeDecay` of Keras. */
export function inverseTime(options: InverseTimeOptions): Schedule {
  const kinds = { initialLearningRate: rate, decaySteps: steps, decayRate: rate, staircase: "flag" } as const;
  const all = checkOptions("inverseTime", options, kinds, { staircase: false });
  const { initialLearningRate, decaySteps, decayRate, staircase } = all;
  return scheduleOf("inverseTime", options, 5 * decaySteps, (step) => {
    const part = step / decaySteps;
    return initialLearningRate / (1 + decayRate * (staircase ? Math.floor(part) : part));
  });
}
