import { checkSameLength, checkWeights } from "./check.js";
import type { StreamingMetric } from "./streaming-metric.js";

/** What a metric that is a mean for each column of numbers consists of. */
export interface OutputMeansParts {
  readonly name: string;
  /** What one number adds. @param output - Its column. */
  term(yTrue: number, yPred: number, output: number): number;
  /** What the mean of a column becomes. @default the mean itself */
  readonly finish?: (mean: number) => number;
}

/** The weighted mean of each column of numbers, and of these the plain mean. */
export class OutputMeans implements StreamingMetric {
  readonly name: string;
  readonly needs = "numbers";
  private sums: number[] = [];
  private weight = 0;

  constructor(private readonly parts: OutputMeansParts) {
    this.name = parts.name;
  }

  update(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, weights?: ArrayLike<number>, nOutputs = 1): void {
    const where = `metrics.${this.name}`;
    checkSameLength(where, yTrue, yPred);
    const nRows = yTrue.length / nOutputs;
    checkWeights(where, weights, nRows);
    while (this.sums.length < nOutputs) this.sums.push(0);
    for (let row = 0, i = 0; row < nRows; row++) {
      const weight = weights === undefined ? 1 : weights[row]!;
      if (weight === 0) {
        i += nOutputs;
        continue;
      }
      this.weight += weight;
      for (let output = 0; output < nOutputs; output++, i++) {
        this.sums[output]! += weight * this.parts.term(yTrue[i]!, yPred[i]!, output);
      }
    }
  }

  result(): number {
    const { finish = (mean) => mean } = this.parts;
    const sum = this.sums.reduce((all, one) => all + finish(one / this.weight), 0);
    return sum / this.sums.length;
  }

  reset(): void {
    this.sums = [];
    this.weight = 0;
  }

  state(): number[] {
    return [this.weight, ...this.sums];
  }

  restore([weight, ...sums]: readonly number[]): void {
    this.weight = weight!;
    this.sums = sums;
  }
}
