import type { Labels } from "../data/labels.js";
import { type LabelMetricOptions, type NumberRows, ofProbabilities } from "./in-one-go.js";
import { metricName, type NameOption } from "./metric-options.js";
import { RowMean } from "./row-mean.js";
import type { StreamingMetric } from "./streaming-metric.js";

/**
 * The mean of `-ln p`, where p is the probability given to the true class. A probability of 0 counts as the smallest step of its
 * number type above it, so that one sure mistake is not infinite.
 */
export function streamingLogLoss(options: NameOption = {}): StreamingMetric {
  const name = metricName("logLoss", options);
  return new RowMean({ name, needs: "probabilities", term: surprise });
}

/**
 * The mean of `-ln p`, where p is the probability given to the true class; also called cross-entropy.
 *
 * A probability of 0 counts as the smallest step of its number type above it, so that one sure mistake is not infinite.
 *
 * @param probabilities - Shape `(nSamples, nClasses)`, each row with sum 1, the columns in the order of `labels`; or those of the
 * second label alone.
 * @throws ShapeError if rows or classes do not fit.
 * @throws DataError if a row does not hold probabilities, or a label is missing or not among `labels`.
 */
export function logLoss(yTrue: Labels, probabilities: NumberRows, options: LabelMetricOptions = {}): number {
  return ofProbabilities("logLoss", streamingLogLoss(), yTrue, probabilities, options);
}

/** `exp` of the mean of `-ln p`: among how many equally probable classes a guess would be as good. From 1. */
export function streamingPerplexity(options: NameOption = {}): StreamingMetric {
  const name = metricName("perplexity", options);
  return new RowMean({ name, needs: "probabilities", term: surprise, finish: Math.exp });
}

/**
 * `exp` of {@link logLoss}: among how many equally probable classes, such as words, a guess would be as good. From 1.
 * @throws ShapeError or DataError, as {@link logLoss}.
 */
export function perplexity(yTrue: Labels, probabilities: NumberRows, options: LabelMetricOptions = {}): number {
  return ofProbabilities("perplexity", streamingPerplexity(), yTrue, probabilities, options);
}

/**
 * The mean of `(1 - p)^2`, where p is the probability given to the right answer; of more than two classes the sum over them of
 * `(p - 1)^2` for the true one and `p^2` for the others, from 0 to 2.
 */
export function streamingBrierScoreLoss(options: NameOption = {}): StreamingMetric {
  const name = metricName("brierScoreLoss", options);
  return new RowMean({
    name,
    needs: "probabilities",
    term(yTrue, yPred, row, width) {
      if (width <= 2) return (yPred[row * width + width - 1]! - yTrue[row]!) ** 2;
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (yPred[row * width + i]! - (i === yTrue[row] ? 1 : 0)) ** 2;
      return sum;
    },
  });
}

/**
 * The mean squared distance of probabilities from what happened. Brier, Monthly Weather Review 78 (1950), 1-3; for two classes
 * half of that, so that it is from 0 to 1.
 * @throws ShapeError or DataError, as {@link logLoss}.
 */
export function brierScoreLoss(yTrue: Labels, probabilities: NumberRows, options: LabelMetricOptions = {}): number {
  return ofProbabilities("brierScoreLoss", streamingBrierScoreLoss(), yTrue, probabilities, options);
}

function surprise(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, row: number, width: number): number {
  const smallest = smallestStep(yPred);
  const label = yTrue[row]!;
  const given = width > 1 ? yPred[row * width + label]! : label === 1 ? yPred[row]! : 1 - yPred[row]!;
  return -Math.log(Math.min(Math.max(given, smallest), 1 - smallest));
}

/** The distance of 1 from the next number of its type. */
export function smallestStep(values: ArrayLike<number>): number {
  return values instanceof Float32Array ? 2 ** -23 : Number.EPSILON;
}
