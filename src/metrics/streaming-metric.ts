/**
 * What a metric compares. `"labels"`: the class number of each row and the predicted one. `"probabilities"`: the class number and
 * what the model gives each class. `"numbers"`: the true numbers and the predicted ones.
 */
export type MetricNeeds = "labels" | "probabilities" | "numbers";

/**
 * A metric that is fed batch by batch and is exact over all rows, whatever the sizes of the batches. `fit` takes those of
 * `metrics`, and any object of this kind.
 *
 * @example
 * let worst = 0;
 * const largestError: StreamingMetric = {
 *   name: "largestError",
 *   needs: "numbers",
 *   update: (yTrue, yPred) => {
 *     for (let i = 0; i < yTrue.length; i++) worst = Math.max(worst, Math.abs(yTrue[i]! - yPred[i]!));
 *   },
 *   result: () => worst,
 *   reset: () => {
 *     worst = 0;
 *   },
 *   state: () => [worst],
 *   restore: ([kept]) => {
 *     worst = kept!;
 *   },
 * };
 */
export interface StreamingMetric {
  /** Under which it is reported. */
  readonly name: string;
  readonly needs: MetricNeeds;
  /**
   * @param yTrue - Class numbers 0, 1, ..., or numbers, `nOutputs` a row.
   * @param yPred - Class numbers; or the probabilities of the classes row after row, or of class 1 alone; or numbers,
   * `nOutputs` a row.
   * @param weights - How much each row counts, from 0; 0 is as if the row were not there. @default 1 each
   * @param nOutputs - How many classes there are, or how many numbers a row has. @default those classes that occur; 1 number
   */
  update(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, weights?: ArrayLike<number>, nOutputs?: number): void;
  /** The metric of all rows so far; `NaN` before the first. */
  result(): number;
  /** Forgets all rows. */
  reset(): void;
  /** All that {@link restore} needs to go on from here. */
  state(): number[];
  restore(state: readonly number[]): void;
}
