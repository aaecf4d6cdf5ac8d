import { checkOptions, rate, steps } from "./check-options.js";
import { type Schedule, scheduleOf } from "./schedule.js";

export interface StepDecayOptions {
  readonly initialLearningRate: number;
  /** How many steps a learning rate lasts. */
  readonly stepSize: number;
  /** What it is then multiplied by. @default 0.1 */
  readonly gamma?: number;
}

/** `initialLearningRate * gamma ^ floor(step / stepSize)`, the `StepLR` of PyTorch. */
export function stepDecay(options: StepDecayOptions): Schedule {
  const kinds = { initialLearningRate: rate, stepSize: steps, gamma: { above: 0 } };
  const { initialLearningRate, stepSize, gamma } = checkOptions("stepDecay", options, kinds, { gamma: 0.1 });
  const at = (step: number) => initialLearningRate * gamma ** Math.floor(step / stepSize);
  return scheduleOf("stepDecay", options, 5 * stepSize, at);
}
