import type { Metrics } from "../callbacks/callback.js";
import type { StreamingMetric } from "../metrics/streaming.js";
import type { NumberBlock } from "./number-block.js";
import type { OutputKind } from "./output-kind.js";
import { predictedClasses } from "./output-kind.js";

/** Gathers loss and metrics of a pass over samples, batch after batch; exact over all rows, never a mean of batch means. */
export class Meter {
  private lossSum = 0;
  private nSeen = 0;

  constructor(
    private readonly metrics: Readonly<Record<string, StreamingMetric>>,
    private readonly targets: NumberBlock,
    private readonly kind: OutputKind,
  ) {}

  /** The names that `result` reports. */
  get names(): string[] {
    return ["loss", ...Object.keys(this.metrics)];
  }

  reset(): void {
    this.lossSum = 0;
    this.nSeen = 0;
    for (const metric of Object.values(this.metrics)) metric.reset();
  }

  /**
   * @param rows - Which samples the batch held.
   * @param loss - Its mean loss.
   * @param outputs - Of the model, row after row.
   */
  add(rows: Int32Array, loss: number, outputs: Float32Array): void {
    this.lossSum += loss * rows.length;
    this.nSeen += rows.length;
    const metrics = Object.values(this.metrics);
    if (metrics.length === 0) return;
    const yTrue = this.targetsOf(rows);
    const yPred = this.kind === "numbers" ? outputs : predictedClasses(outputs, outputs.length / yTrue.length, 0);
    for (const metric of metrics) metric.update(yTrue, yPred);
  }

  result(): Metrics & { readonly loss: number } {
    const scores = Object.entries(this.metrics).map(([name, metric]) => [name, metric.result()] as const);
    return { loss: this.lossSum / this.nSeen, ...Object.fromEntries(scores) };
  }

  private targetsOf(rows: Int32Array): Float64Array {
    const { values, shape } = this.targets;
    const size = values.length / shape[0]!;
    const targets = new Float64Array(rows.length * size);
    for (let i = 0; i < targets.length; i++) targets[i] = values[rows[Math.floor(i / size)]! * size + (i % size)]!;
    return targets;
  }
}
