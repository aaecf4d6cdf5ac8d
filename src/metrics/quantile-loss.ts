import { show } from "../core/check.js";
import { OptionError, ShapeError } from "../core/errors.js";
import { type MetricOptions, type NumberRows, ofNumbers } from "./in-one-go.js";
import { metricOptions, type NameOption } from "./metric-options.js";
import { OutputMeans } from "./output-means.js";
import type { StreamingMetric } from "./streaming-metric.js";

export interface QuantileLossOptions {
  /** Above 0 and below 1; several are one predicted column each, of one true number. @default 0.5 */
  readonly q?: number | readonly number[];
}

/**
 * The mean of `q * r` where the true number is `r` above the predicted one, and of `(1 - q) * r` where it is below; also called
 * pinball loss. Koenker & Bassett, Econometrica 46 (1978), 33-50.
 */
export function streamingQuantileLoss(options: QuantileLossOptions & NameOption = {}): StreamingMetric {
  const { name, q } = metricOptions("quantileLoss", options, { q: checkQuantiles }, { q: 0.5 });
  return typeof q === "number" ? new OutputMeans({ name, term: (y, p) => pinball(y - p, q) }) : new Quantiles(name, q);
}

/** Several quantiles of one true number. */
class Quantiles extends OutputMeans {
  constructor(
    name: string,
    private readonly q: readonly number[],
  ) {
    super({ name, term: (yTrue, yPred, output) => pinball(yTrue - yPred, q[output]!) });
  }

  override update(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, weights?: ArrayLike<number>): void {
    const nQuantiles = this.q.length;
    if (yPred.length !== yTrue.length * nQuantiles) {
      throw new ShapeError(
        `metrics.${this.name}: ${nQuantiles} quantiles of ${yTrue.length} rows need ${yTrue.length * nQuantiles} numbers, got ${yPred.length}.`,
      );
    }
    const repeated = Float64Array.from(yPred, (_, i) => yTrue[Math.floor(i / nQuantiles)]!);
    super.update(repeated, yPred, weights, nQuantiles);
  }
}

/**
 * The mean of `q * r` where the true number is `r` above the predicted one, and of `(1 - q) * r` where it is below; least where a
 * share `q` of the true numbers is below. Also called pinball loss.
 * @param yPred - A column for each quantile if there are several.
 * @throws ShapeError if the lengths differ or there are no rows.
 * @throws DataError if a value is missing or infinite.
 */
export function quantileLoss(
  yTrue: NumberRows,
  yPred: NumberRows,
  { q = 0.5, ...options }: MetricOptions & QuantileLossOptions = {},
): number {
  return ofNumbers("quantileLoss", streamingQuantileLoss({ q }), yTrue, yPred, options);
}

function pinball(residual: number, q: number): number {
  return Math.max(q * residual, (q - 1) * residual);
}

function checkQuantiles(where: string, option: string, value: unknown): void {
  const all = Array.isArray(value) ? value : [value];
  if (all.length > 0 && all.every((q) => typeof q === "number" && q > 0 && q < 1)) return;
  throw new OptionError(
    `${where}: ${option} must be a number above 0 and below 1, or an array of such, got ${Array.isArray(value) ? `[${value.join(", ")}]` : show(value)}.`,
  );
}
