import type { Label, Labels } from "../data/labels.js";
import { checkNotEmpty, checkSameLength } from "./check.js";
import { type LabelOptions, labelCodes } from "./label-codes.js";

export interface ConfusionMatrix {
  readonly labels: readonly Label[];
  /** `counts[i][j]`: how many rows of class `labels[i]` were predicted as `labels[j]`. */
  readonly counts: number[][];
}

/**
 * How often each class was taken for each other one.
 * @throws ShapeError if the lengths differ or there are no rows.
 * @throws DataError if a label is missing or not among `labels`.
 *
 * @example
 * const { counts, labels } = confusionMatrix(["cat", "dog", "dog"], ["cat", "cat", "dog"]);
 * // counts: [[1, 0], [1, 1]], labels: ["cat", "dog"]
 */
export function confusionMatrix(yTrue: Labels, yPred: Labels, options: LabelOptions = {}): ConfusionMatrix {
  const { labels, codes } = labelCodes("confusionMatrix", { yTrue, yPred }, options);
  const [expected, got] = codes as [Int32Array, Int32Array];
  checkSameLength("confusionMatrix", expected, got);
  checkNotEmpty("confusionMatrix", expected.length);
  const counts = labels.map(() => labels.map(() => 0));
  expected.forEach((code, row) => {
    counts[code]![got[row]!]!++;
  });
  return { labels, counts };
}
