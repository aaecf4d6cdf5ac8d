import { checkSameLength, checkWeights } from "./check.js";
import type { StreamingMetric } from "./streaming-metric.js";

/** How often each class occurred and was found, in weights of rows. A class that did not occur has zeros. */
export interface ClassCounts {
  readonly nClasses: number;
  /** Rows of the class that were predicted as it. */
  readonly hits: readonly number[];
  /** Rows that were predicted as the class. */
  readonly predicted: readonly number[];
  /** Rows of the class. */
  readonly actual: readonly number[];
  /** Of all rows. */
  readonly weight: number;
  /** The sum of what each row cost. */
  readonly cost: number;
}

/** A metric that is made of {@link ClassCounts}; it keeps no rows. */
export class ClassCountsMetric implements StreamingMetric {
  readonly needs = "labels";
  private nClasses = 0;
  private hits: number[] = [];
  private predicted: number[] = [];
  private actual: number[] = [];
  private cost = 0;

  /** @param costOf - Of a row of one class that was predicted as another. @default 0 */
  constructor(
    readonly name: string,
    private readonly score: (counts: ClassCounts) => number,
    private readonly costOf?: (actual: number, predicted: number) => number,
  ) {}

  update(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, weights?: ArrayLike<number>, nOutputs = 0): void {
    const where = `metrics.${this.name}`;
    checkSameLength(where, yTrue, yPred);
    checkWeights(where, weights, yTrue.length);
    this.grow(nOutputs);
    for (let row = 0; row < yTrue.length; row++) {
      const weight = weights === undefined ? 1 : weights[row]!;
      if (weight === 0) continue;
      const [actual, predicted] = [yTrue[row]!, yPred[row]!];
      this.grow(Math.max(actual, predicted) + 1);
      this.actual[actual]! += weight;
      this.predicted[predicted]! += weight;
      if (actual === predicted) this.hits[actual]! += weight;
      if (this.costOf !== undefined) this.cost += weight * this.costOf(actual, predicted);
    }
  }

  result(): number {
    const { nClasses, hits, predicted, actual, cost } = this;
    const weight = sum(actual);
    return weight === 0 ? Number.NaN : this.score({ nClasses, hits, predicted, actual, cost, weight });
  }

  reset(): void {
    this.restore([0, 0]);
  }

  state(): number[] {
    return [this.nClasses, this.cost, ...this.hits, ...this.predicted, ...this.actual];
  }

  restore([nClasses, cost, ...counts]: readonly number[]): void {
    this.nClasses = nClasses!;
    this.cost = cost!;
    const part = (index: number) => counts.slice(index * nClasses!, (index + 1) * nClasses!);
    [this.hits, this.predicted, this.actual] = [part(0), part(1), part(2)];
  }

  private grow(nClasses: number): void {
    for (; this.nClasses < nClasses; this.nClasses++) {
      for (const counts of [this.hits, this.predicted, this.actual]) counts.push(0);
    }
  }
}

export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
