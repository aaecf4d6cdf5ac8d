import { checkNumber, checkOneOf } from "../core/check.js";
import { DataError } from "../core/errors.js";

export type ClassWeightRule = "balanced" | "effectiveNumber";

export interface ClassWeightOptions {
  /** Of `"effectiveNumber"`, from 0 (no weights) to below 1 (those of `"balanced"`). @default 0.999 */
  readonly beta?: number;
}

/**
 * How much the rows of each class should count, so that rare ones are not drowned; by label, for `classWeights` of `fit`.
 *
 * `"balanced"`: `n / (nClasses * count)`, as scikit-learn's `compute_class_weight`: all classes get the same sum.
 * `"effectiveNumber"`: proportional to `(1 - beta) / (1 - beta ^ count)` (Cui et al., CVPR 2019), with the mean 1 over the classes.
 *
 * @param y - The label of each row.
 * @throws DataError if there are no rows.
 */
export function classWeights(
  y: Iterable<number | string>,
  rule: ClassWeightRule = "balanced",
  options: ClassWeightOptions = {},
): Record<string, number> {
  checkOneOf("classWeights", "rule", rule, ["balanced", "effectiveNumber"]);
  const beta = checkNumber("classWeights", "beta", options.beta ?? 0.999, { atLeast: 0, below: 1 });
  const counts = new Map<number | string, number>();
  for (const label of y) counts.set(label, (counts.get(label) ?? 0) + 1);
  if (counts.size === 0) throw new DataError("classWeights: y has no rows.");
  const nRows = [...counts.values()].reduce((a, b) => a + b);
  const raw = [...counts].map(([label, count]) => {
    const weight = rule === "balanced" ? nRows / (counts.size * count) : (1 - beta) / (1 - beta ** count);
    return [String(label), weight] as const;
  });
  if (rule === "balanced") return Object.fromEntries(raw);
  const mean = raw.reduce((sum, [, weight]) => sum + weight, 0) / raw.length;
  return Object.fromEntries(raw.map(([label, weight]) => [label, weight / mean]));
}
