import { streamingAccuracy, streamingBalancedAccuracy, streamingTopKAccuracy } from "./accuracy.js";
import { streamingCohenKappa, streamingMatthewsCorrelation } from "./agreement.js";
import { streamingExplainedVariance, streamingR2 } from "./explained.js";
import {
  streamingF1,
  streamingFBeta,
  streamingJaccard,
  streamingPrecision,
  streamingRecall,
} from "./precision-recall.js";
import { streamingBrierScoreLoss, streamingLogLoss, streamingPerplexity } from "./probability-scores.js";
import { streamingQuantileLoss } from "./quantile-loss.js";
import { streamingPrAuc, streamingRocAuc } from "./ranking.js";
import {
  streamingMeanAbsoluteError,
  streamingMeanAbsolutePercentageError,
  streamingMeanSquaredError,
  streamingMeanSquaredLogarithmicError,
  streamingRootMeanSquaredError,
} from "./regression.js";

/**
 * The metrics of `fit` and `evaluate` by name, each as a function of its options. They are fed batch by batch and exact over all
 * rows; the functions of the same names, such as `rocAuc(yTrue, scores)`, take all rows at once.
 *
 * @example
 * await fit(model, { ...options, metrics: ["accuracy", "rocAuc", metrics.fBeta({ beta: 2, average: "macro" })] });
 */
export const metrics = {
  accuracy: streamingAccuracy,
  balancedAccuracy: streamingBalancedAccuracy,
  brierScoreLoss: streamingBrierScoreLoss,
  cohenKappa: streamingCohenKappa,
  explainedVariance: streamingExplainedVariance,
  f1: streamingF1,
  fBeta: streamingFBeta,
  jaccard: streamingJaccard,
  logLoss: streamingLogLoss,
  matthewsCorrelation: streamingMatthewsCorrelation,
  meanAbsoluteError: streamingMeanAbsoluteError,
  meanAbsolutePercentageError: streamingMeanAbsolutePercentageError,
  meanSquaredError: streamingMeanSquaredError,
  meanSquaredLogarithmicError: streamingMeanSquaredLogarithmicError,
  perplexity: streamingPerplexity,
  prAuc: streamingPrAuc,
  precision: streamingPrecision,
  quantileLoss: streamingQuantileLoss,
  r2: streamingR2,
  recall: streamingRecall,
  rocAuc: streamingRocAuc,
  rootMeanSquaredError: streamingRootMeanSquaredError,
  topKAccuracy: streamingTopKAccuracy,
};

/** The name of a metric of {@link metrics}. */
export type MetricName = keyof typeof metrics;
