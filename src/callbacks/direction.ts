import { OptionError } from "../core/errors.js";

export const directions = ["minimize", "maximize"] as const;

/** Whether less or more of a metric is better. */
export type Direction = (typeof directions)[number];

/** The direction of a metric by its name, with or without `val_` before it. */
export function directionOf(where: string, metric: string): Direction {
  if (/(loss|error|deviance)$/i.test(metric)) return "minimize";
  if (/(accuracy|precision|recall|f1|auc|r2|score|kappa|mcc)$/i.test(metric)) return "maximize";
  const name = JSON.stringify(metric);
  throw new OptionError(
    `${where}: whether less or more ${name} is better is not known. Pass mode: "minimize" or "maximize".`,
  );
}
