import { expect, it } from "@jest/globals";
import * as accuracy from "../../src/metrics/accuracy.js";
import * as agreement from "../../src/metrics/agreement.js";
import * as explained from "../../src/metrics/explained.js";
import { type MetricName, metrics } from "../../src/metrics/metrics.js";
import * as classes from "../../src/metrics/precision-recall.js";
import * as scores from "../../src/metrics/probability-scores.js";
import { quantileLoss } from "../../src/metrics/quantile-loss.js";
import * as ranking from "../../src/metrics/ranking.js";
import * as regression from "../../src/metrics/regression.js";
import { metricContract } from "../contracts/metric.js";

const averaged = { average: "mean", positive: -1 };

/** The function of all rows, and a value that each option of the metric refuses. A new metric is a line here. */
const all: Record<MetricName, [whole: unknown, wrong?: Readonly<Record<string, unknown>>]> = {
  accuracy: [accuracy.accuracy],
  balancedAccuracy: [accuracy.balancedAccuracy, { adjusted: "no" }],
  brierScoreLoss: [scores.brierScoreLoss],
  cohenKappa: [agreement.cohenKappa, { penalty: "cubic" }],
  explainedVariance: [explained.explainedVariance],
  f1: [classes.f1, averaged],
  fBeta: [classes.fBeta, { ...averaged, beta: 0 }],
  jaccard: [classes.jaccard, averaged],
  logLoss: [scores.logLoss],
  matthewsCorrelation: [agreement.matthewsCorrelation],
  meanAbsoluteError: [regression.meanAbsoluteError],
  meanAbsolutePercentageError: [regression.meanAbsolutePercentageError],
  meanSquaredError: [regression.meanSquaredError],
  meanSquaredLogarithmicError: [regression.meanSquaredLogarithmicError],
  perplexity: [scores.perplexity],
  prAuc: [ranking.prAuc, { average: "binary" }],
  precision: [classes.precision, averaged],
  quantileLoss: [quantileLoss, { q: 1 }],
  r2: [explained.r2],
  recall: [classes.recall, averaged],
  rocAuc: [ranking.rocAuc, { average: "binary", multiClass: "all" }],
  rootMeanSquaredError: [regression.rootMeanSquaredError],
  topKAccuracy: [accuracy.topKAccuracy, { k: 0 }],
};

for (const [name, [whole, wrong = {}]] of Object.entries(all)) {
  const make = metrics[name as MetricName] as Parameters<typeof metricContract>[1];
  metricContract(name, make, { whole: whole as Parameters<typeof metricContract>[2]["whole"], wrong });
}

it("every metric is in the table", () => {
  expect(Object.keys(all).sort()).toEqual(Object.keys(metrics).sort());
});
