import { checkSameLength, checkWeights } from "./check.js";
import { type MetricOptions, type NumberRows, ofNumbers } from "./in-one-go.js";
import { metricName, type NameOption } from "./metric-options.js";
import type { StreamingMetric } from "./streaming-metric.js";

/** 1 minus the squared residuals over the squared distances of the targets from their mean; `NaN` for a single row. */
export function streamingR2(options: NameOption = {}): StreamingMetric {
  return new ExplainedMetric(metricName("r2", options), true);
}

/** As R2, but a constant error costs nothing: 1 minus the variance of the residuals over that of the targets. */
export function streamingExplainedVariance(options: NameOption = {}): StreamingMetric {
  return new ExplainedMetric(metricName("explainedVariance", options), false);
}

/**
 * How much of the spread of the targets the predictions explain: 1 for all, 0 for no more than their mean, below 0 for less.
 * Targets that are all equal give 1 if all are met, 0 otherwise. Several columns give the mean of theirs.
 * @throws ShapeError if the lengths differ or there are no rows.
 * @throws DataError if a value is missing or infinite.
 */
export function r2(yTrue: NumberRows, yPred: NumberRows, options: MetricOptions = {}): number {
  return ofNumbers("r2", streamingR2(), yTrue, yPred, options);
}

/**
 * How much of the variance of the targets the predictions explain; as {@link r2}, but a constant error costs nothing.
 * @throws ShapeError or DataError, as {@link r2}.
 */
export function explainedVariance(yTrue: NumberRows, yPred: NumberRows, options: MetricOptions = {}): number {
  return ofNumbers("explainedVariance", streamingExplainedVariance(), yTrue, yPred, options);
}

/** Weighted moments of one column, exact also where the mean is much larger than the spread: Welford, Technometrics 4 (1962). */
interface Moments {
  mean: number;
  /** The sum of the squared distances from the mean. */
  spread: number;
}

class ExplainedMetric implements StreamingMetric {
  readonly needs = "numbers";
  private weight = 0;
  private nRows = 0;
  private targets: Moments[] = [];
  private residuals: Moments[] = [];

  /** @param countsBias - Whether a mean of the residuals beside 0 costs. */
  constructor(
    readonly name: string,
    private readonly countsBias: boolean,
  ) {}

  update(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, weights?: ArrayLike<number>, nOutputs = 1): void {
    const where = `metrics.${this.name}`;
    checkSameLength(where, yTrue, yPred);
    const nRows = yTrue.length / nOutputs;
    checkWeights(where, weights, nRows);
    while (this.targets.length < nOutputs) {
      this.targets.push({ mean: 0, spread: 0 });
      this.residuals.push({ mean: 0, spread: 0 });
    }
    for (let row = 0; row < nRows; row++) {
      const weight = weights === undefined ? 1 : weights[row]!;
      if (weight === 0) continue;
      this.nRows++;
      this.weight += weight;
      for (let output = 0; output < nOutputs; output++) {
        const i = row * nOutputs + output;
        add(this.targets[output]!, yTrue[i]!, weight, this.weight);
        add(this.residuals[output]!, yTrue[i]! - yPred[i]!, weight, this.weight);
      }
    }
  }

  result(): number {
    if (this.nRows === 0 || (this.countsBias && this.nRows < 2)) return Number.NaN;
    const scores = this.targets.map(({ spread }, output) => {
      const residual = this.residuals[output]!;
      const left = residual.spread + (this.countsBias ? this.weight * residual.mean ** 2 : 0);
      return spread === 0 ? (left === 0 ? 1 : 0) : 1 - left / spread;
    });
    return scores.reduce((a, b) => a + b, 0) / scores.length;
  }

  reset(): void {
    this.restore([0, 0]);
  }

  state(): number[] {
    const columns = this.targets.flatMap((target, i) => [target, this.residuals[i]!]);
    return [this.weight, this.nRows, ...columns.flatMap(({ mean, spread }) => [mean, spread])];
  }

  restore([weight, nRows, ...numbers]: readonly number[]): void {
    this.weight = weight!;
    this.nRows = nRows!;
    const moments = (first: number) =>
      Array.from({ length: numbers.length / 4 }, (_, i) => {
        return { mean: numbers[4 * i + first]!, spread: numbers[4 * i + first + 1]! };
      });
    [this.targets, this.residuals] = [moments(0), moments(2)];
  }
}

function add(moments: Moments, value: number, weight: number, total: number): void {
  const distance = value - moments.mean;
  moments.mean += (distance * weight) / total;
  moments.spread += weight * distance * (value - moments.mean);
}
