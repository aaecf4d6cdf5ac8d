import { checkOptions } from "./check-options.js";
import { type Schedule, scheduleOf } from "./schedule.js";

export interface OneCycleOptions {
  /** The top of the cycle. */
  readonly maxLearningRate: number;
  /** Length of the whole cycle; after it the last learning rate stays. */
  readonly totalSteps: number;
  /** Share of the steps that rise, above 0 and below 1. @default 0.3 */
  readonly pctStart?: number;
  /** The shape of rise and fall. @default "cosine" */
  readonly anneal?: "cosine" | "linear";
  /** The first learning rate is the top divided by this. @default 25 */
  readonly divFactor?: number;
  /** The last learning rate is the first divided by this. @default 10000 */
  readonly finalDivFactor?: number;
}

/** Up to `maxLearningRate` and down far below the start, the `OneCycleLR` of PyTorch (Smith & Topin, 2017). */
export function oneCycle(options: OneCycleOptions): Schedule {
  const kinds = {
    maxLearningRate: { above: 0 },
    totalSteps: { integer: true, atLeast: 2 },
    pctStart: { above: 0, below: 1 },
    anneal: ["cosine", "linear"],
    divFactor: { above: 0 },
    finalDivFactor: { above: 0 },
  } as const;
  const defaults = { pctStart: 0.3, anneal: "cosine", divFactor: 25, finalDivFactor: 1e4 } as const;
  const all = checkOptions("oneCycle", options, kinds, defaults);
  const { maxLearningRate, totalSteps, pctStart, anneal, divFactor, finalDivFactor } = all;
  const first = maxLearningRate / divFactor;
  const last = first / finalDivFactor;
  const top = pctStart * totalSteps - 1;
  const end = totalSteps - 1;
  const between = (from: number, to: number, done: number) =>
    anneal === "linear" ? from + (to - from) * done : to + ((from - to) / 2) * (1 + Math.cos(Math.PI * done));
  return scheduleOf("oneCycle", options, totalSteps, (step) => {
    if (step <= top) return between(first, maxLearningRate, top === 0 ? 1 : step / top);
    return between(maxLearningRate, last, (Math.min(step, end) - top) / (end - top));
  });
}
