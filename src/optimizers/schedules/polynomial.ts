import { checkOptions, rate, steps } from "./check-options.js";
import { type Schedule, scheduleOf } from "./schedule.js";

export interface PolynomialOptions {
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  /** @default 0.0001 */
  readonly endLearningRate?: number;
  /** 1 falls in a straight line. @default 1 */
  readonly power?: number;
  /** Begin again above the end, with twice, three times, ... `decaySteps`. @default false */
  readonly cycle?: boolean;
}

/** From `initialLearningRate` to `endLearningRate` along `(1 - step / decaySteps) ^ power`, the `PolynomialDecay` of Keras. */
export function polynomial(options: PolynomialOptions): Schedule {
  const kinds = {
    initialLearningRate: rate,
    decaySteps: steps,
    endLearningRate: rate,
    power: { above: 0 },
    cycle: "flag",
  } as const;
  const all = checkOptions("polynomial", options, kinds, { endLearningRate: 1e-4, power: 1, cycle: false });
  const { initialLearningRate, decaySteps, endLearningRate, power, cycle } = all;
  return scheduleOf("polynomial", options, Math.ceil((cycle ? 3 : 1.1) * decaySteps), (step) => {
    const length = cycle ? decaySteps * Math.max(1, Math.ceil(step / decaySteps)) : decaySteps;
    const left = 1 - Math.min(step, length) / length;
    return (initialLearningRate - endLearningRate) * left ** power + endLearningRate;
  });
}
