import { checkWeights, widthOf } from "./check.js";
import type { StreamingMetric } from "./streaming-metric.js";

/** Rows whose order matters: kept until the end, about 8 bytes a probability. */
export interface ScoredRows {
  readonly labels: readonly number[];
  /** Row after row, `width` each. */
  readonly scores: readonly number[];
  readonly weights: readonly number[];
  readonly width: number;
}

/** A metric of the order of all rows, which no running sum can have exactly. */
export class KeptScores implements StreamingMetric {
  readonly needs = "probabilities";
  private labels: number[] = [];
  private scores: number[] = [];
  private weights: number[] = [];
  private width = 1;

  constructor(
    readonly name: string,
    private readonly score: (rows: ScoredRows) => number,
  ) {}

  update(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, weights?: ArrayLike<number>): void {
    const where = `metrics.${this.name}`;
    const width = widthOf(where, yTrue.length, yPred);
    checkWeights(where, weights, yTrue.length);
    this.width = width;
    for (let row = 0; row < yTrue.length; row++) {
      const weight = weights === undefined ? 1 : weights[row]!;
      if (weight === 0) continue;
      this.labels.push(yTrue[row]!);
      this.weights.push(weight);
      for (let i = row * width; i < (row + 1) * width; i++) this.scores.push(yPred[i]!);
    }
  }

  result(): number {
    const { labels, scores, weights, width } = this;
    return labels.length === 0 ? Number.NaN : this.score({ labels, scores, weights, width });
  }

  reset(): void {
    this.restore([1, 0]);
  }

  state(): number[] {
    return [this.width, this.labels.length, ...this.labels, ...this.weights, ...this.scores];
  }

  restore([width, nRows, ...rows]: readonly number[]): void {
    this.width = width!;
    this.labels = rows.slice(0, nRows);
    this.weights = rows.slice(nRows, 2 * nRows!);
    this.scores = rows.slice(2 * nRows!);
  }
}
