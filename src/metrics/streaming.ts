import { checkSameLength, checkWeights } from "./check.js";

/** A metric that is fed batch by batch and is exact over all of them, whatever their sizes. */
export interface StreamingMetric {
  /** @param weights - How much each row counts. @default 1 each */
  update(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, weights?: ArrayLike<number>): void;
  /** The metric of all rows so far; `NaN` before the first. */
  result(): number;
  /** Forgets all rows. */
  reset(): void;
  /** What it remembers of the rows so far. */
  state(): number[];
  /** Goes on from what {@link state} gave. */
  restore(state: readonly number[]): void;
}

/** The share of rows whose predicted class number is the true one. */
export function streamingAccuracy(): StreamingMetric {
  return new WeightedMean("accuracy", (yTrue, yPred) => (yTrue === yPred ? 1 : 0));
}

/** The mean of `(yTrue - yPred)^2`. */
export function streamingMeanSquaredError(): StreamingMetric {
  return new WeightedMean("meanSquaredError", (yTrue, yPred) => (yTrue - yPred) ** 2);
}

/** The mean of `|yTrue - yPred|`. */
export function streamingMeanAbsoluteError(): StreamingMetric {
  return new WeightedMean("meanAbsoluteError", (yTrue, yPred) => Math.abs(yTrue - yPred));
}

class WeightedMean implements StreamingMetric {
  private sum = 0;
  private weight = 0;

  constructor(
    private readonly where: string,
    private readonly term: (yTrue: number, yPred: number) => number,
  ) {}

  update(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, weights?: ArrayLike<number>): void {
    checkSameLength(this.where, yTrue, yPred);
    if (weights !== undefined) checkWeights(this.where, weights, yTrue.length);
    for (let row = 0; row < yTrue.length; row++) {
      const weight = weights === undefined ? 1 : weights[row]!;
      this.sum += weight * this.term(yTrue[row]!, yPred[row]!);
      this.weight += weight;
    }
  }

  result(): number {
    return this.sum / this.weight;
  }

  reset(): void {
    this.sum = 0;
    this.weight = 0;
  }

  state(): number[] {
    return [this.sum, this.weight];
  }

  restore([sum, weight]: readonly number[]): void {
    this.sum = sum!;
    this.weight = weight!;
  }
}
