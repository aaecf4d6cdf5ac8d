import { OptionError } from "../core/errors.js";

export const directions = ["minimize", "maximize"] as const;

/** Whether less or more of a metric is better. */
export type Direction = (typeof directions)[number];

const less = /(loss|error|deviance|perplexity|penalty|brier\w*|ms[el]e?|rmse|mae|mape)$/i;
const more =
  /(accuracy|precision|recall|f\d|fbeta|auc|r2|score|kappa|mcc|correlation|iou|jaccard|dice|explainedvariance)(macro|micro|weighted)?$/i;

/** The direction of a metric by its name, with or without `val_` before it. */
export function directionOf(where: string, metric: string): Direction {
  if (less.test(metric)) return "minimize";
  if (more.test(metric)) return "maximize";
  const name = JSON.stringify(metric);
  throw new OptionError(
    `${where}: whether less or more ${name} is better is not known. Pass mode: "minimize" or "maximize".`,
  );
}

/** Whether `value` is better than `best` by more than `minDelta`; any number is better than none. */
export function improves(mode: Direction, value: number, best: number, minDelta = 0): boolean {
  if (Number.isNaN(best)) return !Number.isNaN(value);
  return mode === "minimize" ? value < best - minDelta : value > best + minDelta;
}
