import { checkOptions, rate } from "./check-options.js";
import { type Schedule, scheduleOf } from "./schedule.js";

export interface InverseSquareRootOptions {
  readonly initialLearningRate: number;
  /** Steps until the first fall to `1 / sqrt(2)`; after a warm-up usually as many as that had. @default 10000 */
  readonly timescale?: number;
}

/**
 * `initialLearningRate / sqrt(1 + step / timescale)`: with a {@link warmUp} of `timescale` steps before it the schedule of
 * the first transformers (Vaswani et al., NeurIPS 2017).
 */
export function inverseSquareRoot(options: InverseSquareRootOptions): Schedule {
  const kinds = { initialLearningRate: rate, timescale: { above: 0 } };
  const { initialLearningRate, timescale } = checkOptions("inverseSquareRoot", options, kinds, { timescale: 10_000 });
  const at = (step: number) => initialLearningRate / Math.sqrt(1 + step / timescale);
  return scheduleOf("inverseSquareRoot", options, Math.ceil(5 * timescale), at);
}
