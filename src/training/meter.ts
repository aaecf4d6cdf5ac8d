import type { Metrics } from "../callbacks/callback.js";
import type { OutputKind } from "../losses/loss.js";
import type { StreamingMetric } from "../metrics/streaming.js";
import type { Measured } from "./measured.js";
import type { NumberBlock } from "./number-block.js";
import { predictedClasses } from "./output-kind.js";

/** What an output of the model is measured with. */
export interface MeteredOutput {
  /** By the names that they are reported under. */
  readonly metrics: Readonly<Record<string, StreamingMetric>>;
  readonly targets: NumberBlock;
  readonly kind: OutputKind;
  /** Of the outputs of one row. */
  readonly nOutputs: number;
  /** Targets that count for nothing. */
  readonly ignoreLabel?: number | undefined;
}

/** What a meter remembers in the midst of a pass. */
export interface MeterState {
  readonly sums: readonly (readonly [name: string, sum: number])[];
  readonly nSeen: number;
  /** Of each output, in the order of its metrics. */
  readonly metrics: readonly (readonly (readonly number[])[])[];
}

/** Gathers loss and metrics of a pass over samples, batch after batch; exact over all rows, never a mean of batch means. */
export class Meter {
  private readonly sums = new Map<string, number>();
  private nSeen = 0;

  /** @param parts - The names of what the loss consists of. */
  constructor(
    private readonly outputs: readonly MeteredOutput[],
    private readonly parts: readonly string[],
  ) {}

  /** What `result` reports. */
  get names(): string[] {
    return ["loss", ...this.parts, ...this.outputs.flatMap(({ metrics }) => Object.keys(metrics))];
  }

  reset(): void {
    this.sums.clear();
    this.nSeen = 0;
    for (const { metrics } of this.outputs) for (const metric of Object.values(metrics)) metric.reset();
  }

  /** Where it stands within a pass, as plain data with NaN and infinities. */
  state(): MeterState {
    const metrics = this.outputs.map(({ metrics }) => Object.values(metrics).map((metric) => metric.state()));
    return { sums: [...this.sums], nSeen: this.nSeen, metrics };
  }

  /** Goes on from what {@link state} of a meter of the same run gave. */
  restore({ sums, nSeen, metrics }: MeterState): void {
    this.sums.clear();
    for (const [name, sum] of sums) this.sums.set(name, sum);
    this.nSeen = nSeen;
    for (const [i, output] of this.outputs.entries()) {
      for (const [j, metric] of Object.values(output.metrics).entries()) metric.restore(metrics[i]![j]!);
    }
  }

  /** @param rows - Which samples the batch held. */
  add(rows: Int32Array, { loss, parts, outputs }: Measured): void {
    for (const [name, value] of [["loss", loss] as const, ...Object.entries(parts)]) {
      this.sums.set(name, (this.sums.get(name) ?? 0) + value * rows.length);
    }
    this.nSeen += rows.length;
    for (const [i, output] of this.outputs.entries()) measure(output, rows, outputs[i]!);
  }

  result(): Metrics & { readonly loss: number } {
    const means = [...this.sums].map(([name, sum]) => [name, sum / this.nSeen] as const);
    const scores = this.outputs.flatMap(({ metrics }) =>
      Object.entries(metrics).map(([name, metric]) => [name, metric.result()] as const),
    );
    return { loss: Number.NaN, ...Object.fromEntries([...means, ...scores]) };
  }
}

function measure(
  { metrics, targets, kind, nOutputs, ignoreLabel }: MeteredOutput,
  rows: Int32Array,
  yPred: Float32Array,
) {
  const all = Object.values(metrics);
  if (all.length === 0) return;
  const given = targetsOf(targets, rows);
  if (kind === "numbers" || kind === "rates") {
    for (const metric of all) metric.update(given, yPred);
    return;
  }
  const nClasses = kind === "classes" ? nOutputs : 1;
  const isShares = kind === "classes" && given.length === yPred.length;
  const yTrue = isShares
    ? predictedClasses(given, nClasses, 0)
    : kind === "scores"
      ? given.map((y) => (y > 0 ? 1 : 0))
      : given;
  const counts = ignoreLabel === undefined ? undefined : yTrue.map((label) => (label === ignoreLabel ? 0 : 1));
  for (const metric of all) metric.update(yTrue, predictedClasses(yPred, nClasses, 0), counts);
}

function targetsOf({ values, shape }: NumberBlock, rows: Int32Array): Float64Array {
  const size = values.length / shape[0]!;
  const targets = new Float64Array(rows.length * size);
  for (let i = 0; i < targets.length; i++) targets[i] = values[rows[Math.floor(i / size)]! * size + (i % size)]!;
  return targets;
}
