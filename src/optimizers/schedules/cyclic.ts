import { checkOptions, rate, steps } from "./check-options.js";
import { type Schedule, scheduleOf } from "./schedule.js";

export interface CyclicOptions {
  /** Where each cycle begins and ends. */
  readonly baseLearningRate: number;
  /** The top of the first cycle. */
  readonly maxLearningRate: number;
  /** How many steps rise. @default 2000 */
  readonly stepSizeUp?: number;
  /** How many steps fall. @default stepSizeUp */
  readonly stepSizeDown?: number;
  /** Whether the tops stay, are halved from cycle to cycle, or shrink by `gamma` with every step. @default "triangular" */
  readonly mode?: "triangular" | "triangular2" | "expRange";
  /** @default 1 */
  readonly gamma?: number;
}

/** Up and down in straight lines between two learning rates, again and again: the `CyclicLR` of PyTorch (Smith, WACV 2017). */
export function cyclic(options: CyclicOptions): Schedule {
  const kinds = {
    baseLearningRate: rate,
    maxLearningRate: { above: 0 },
    stepSizeUp: steps,
    stepSizeDown: steps,
    mode: ["triangular", "triangular2", "expRange"],
    gamma: { above: 0, atMost: 1 },
  } as const;
  const { stepSizeUp: up = 2000 } = options;
  const defaults = { stepSizeUp: up, stepSizeDown: up, mode: "triangular", gamma: 1 } as const;
  const all = checkOptions("cyclic", options, kinds, defaults);
  const { baseLearningRate, maxLearningRate, stepSizeUp, stepSizeDown, mode, gamma } = all;
  const length = stepSizeUp + stepSizeDown;
  const heights = {
    triangular: () => 1,
    triangular2: (step: number) => 0.5 ** Math.floor(step / length),
    expRange: (step: number) => gamma ** step,
  };
  return scheduleOf("cyclic", options, 4 * length, (step) => {
    const place = step % length;
    const share = place <= stepSizeUp ? place / stepSizeUp : (length - place) / stepSizeDown;
    return baseLearningRate + (maxLearningRate - baseLearningRate) * share * heights[mode](step);
  });
}
