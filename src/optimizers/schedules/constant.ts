import { checkOptions, rate } from "./check-options.js";
import { type Schedule, scheduleOf } from "./schedule.js";

export interface ConstantOptions {
  readonly learningRate: number;
}

/** One learning rate for all steps. */
export function constant(options: ConstantOptions): Schedule {
  const { learningRate } = checkOptions("constant", options, { learningRate: rate });
  return scheduleOf("constant", options, 100, () => learningRate);
}
