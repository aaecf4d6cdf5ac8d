import { checkWeights, widthOf } from "./check.js";
import type { MetricNeeds, StreamingMetric } from "./streaming-metric.js";

/** What a metric that is a mean over the rows consists of. */
export interface RowMeanParts {
  readonly name: string;
  readonly needs: MetricNeeds;
  /** What `row` adds. @param width - Predictions of a row. */
  term(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, row: number, width: number): number;
  /** What the mean becomes. @default the mean itself */
  readonly finish?: (mean: number) => number;
}

/** The weighted mean over the rows of one number each. */
export class RowMean implements StreamingMetric {
  readonly name: string;
  readonly needs: MetricNeeds;
  private sum = 0;
  private weight = 0;

  constructor(private readonly parts: RowMeanParts) {
    this.name = parts.name;
    this.needs = parts.needs;
  }

  update(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, weights?: ArrayLike<number>): void {
    const where = `metrics.${this.name}`;
    const width = widthOf(where, yTrue.length, yPred);
    checkWeights(where, weights, yTrue.length);
    for (let row = 0; row < yTrue.length; row++) {
      const weight = weights === undefined ? 1 : weights[row]!;
      if (weight === 0) continue;
      this.sum += weight * this.parts.term(yTrue, yPred, row, width);
      this.weight += weight;
    }
  }

  result(): number {
    const mean = this.sum / this.weight;
    return this.parts.finish === undefined ? mean : this.parts.finish(mean);
  }

  reset(): void {
    this.sum = 0;
    this.weight = 0;
  }

  state(): number[] {
    return [this.sum, this.weight];
  }

  restore(state: readonly number[]): void {
    [this.sum, this.weight] = state as [number, number];
  }
}
