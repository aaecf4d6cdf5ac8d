import type { StreamingMetric } from "../metrics/streaming-metric.js";

/** Who has the rows that a metric holds now. */
const holders = new WeakMap<StreamingMetric, MetricTurn>();

/** One metric object that measures several passes over rows in turn, such as training and validation, and mixes none. */
export class MetricTurn {
  private kept: readonly number[] | null = null;

  constructor(private readonly metric: StreamingMetric) {}

  /** The metric with the rows of this pass. */
  take(): StreamingMetric {
    const holder = holders.get(this.metric);
    if (holder === this) return this.metric;
    if (holder !== undefined) holder.kept = this.metric.state();
    if (this.kept === null) this.metric.reset();
    else this.metric.restore(this.kept);
    this.kept = null;
    holders.set(this.metric, this);
    return this.metric;
  }
}
