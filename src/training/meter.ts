import type { Metrics } from "../callbacks/callback.js";
import type { OutputKind } from "../losses/loss.js";
import type { StreamingMetric } from "../metrics/streaming-metric.js";
import { Comparison } from "./comparison.js";
import { LossSum } from "./loss-sum.js";
import type { Measured } from "./measured.js";
import { MetricTurn } from "./metric-turn.js";
import type { NumberBlock } from "./number-block.js";
import type { OutputLoss } from "./objective.js";

/** What an output of the model is measured with. */
export interface MeteredOutput extends OutputLoss {
  /** By the names that they are reported under. */
  readonly metrics: Readonly<Record<string, StreamingMetric>>;
  readonly targets: NumberBlock;
  /** How much each sample counts in the loss; metrics count all the same. */
  readonly weights: NumberBlock | null;
  readonly kind: OutputKind;
  /** The last axis of the outputs. */
  readonly nOutputs: number;
  /** Targets that count for nothing. */
  readonly ignoreLabel?: number | undefined;
}

/** Where a {@link Meter} stands in a pass, as plain JSON. */
export interface MeterState {
  readonly nSeen: number;
  /** Of the losses of the outputs. */
  readonly losses: readonly (readonly [sum: number, weight: number])[];
  /** By the names of the parts of the loss. */
  readonly sums: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<string, readonly number[]>>;
}

/** Gathers loss and metrics of a pass over samples, batch after batch; exact over all rows, never a mean of batch means. */
export class Meter {
  private nSeen = 0;
  /** Of what changes from step to step: a mean by rows. */
  private sums = new Map<string, number>();
  private losses: LossSum[] = [];
  private readonly turns: readonly (readonly [name: string, turn: MetricTurn, output: number])[];

  /** @param parts - The names of what the loss consists of. */
  constructor(
    private readonly outputs: readonly MeteredOutput[],
    private readonly parts: readonly string[],
  ) {
    this.turns = outputs.flatMap(({ metrics }, output) =>
      Object.entries(metrics).map(([name, metric]) => [name, new MetricTurn(metric), output] as const),
    );
    this.reset();
  }

  /** What `result` reports. */
  get names(): string[] {
    return ["loss", ...this.parts, ...this.turns.map(([name]) => name)];
  }

  reset(): void {
    this.nSeen = 0;
    this.sums = new Map();
    this.losses = this.outputs.map((output) => new LossSum(output, output.targets, output.weights));
    for (const [, turn] of this.turns) turn.take().reset();
  }

  /** @param rows - Which samples the batch held. */
  add(rows: Int32Array, { loss, parts, outputs }: Measured): void {
    this.nSeen += rows.length;
    const dataLoss = parts.dataLoss ?? loss;
    for (const [i, { output }] of this.outputs.entries())
      this.losses[i]!.add(rows, parts[`${output}_loss`] ?? dataLoss);
    for (const [name, value] of Object.entries({ dataLoss, penalty: parts.penalty ?? 0 })) {
      this.sums.set(name, (this.sums.get(name) ?? 0) + value * rows.length);
    }
    const compared = new Map<number, Comparison>();
    for (const [, turn, i] of this.turns) {
      const { targets, kind, nOutputs, ignoreLabel } = this.outputs[i]!;
      const comparison =
        compared.get(i) ?? new Comparison(targetsOf(targets, rows), outputs[i]!, kind, nOutputs, ignoreLabel);
      compared.set(i, comparison);
      const metric = turn.take();
      const { yTrue, yPred, nOutputs: size } = comparison.for(metric.needs);
      metric.update(yTrue, yPred, undefined, size);
    }
  }

  result(): Metrics & { readonly loss: number } {
    const losses = this.losses.map((loss) => (this.nSeen === 0 ? Number.NaN : loss.result()));
    const meanOf = (name: string) => (this.sums.get(name) ?? Number.NaN) / this.nSeen;
    // What weights of outputs that are learned make of the losses changes from step to step.
    const isLearned = this.outputs.some(({ weight }) => weight === null);
    const dataLoss = isLearned
      ? meanOf("dataLoss")
      : losses.reduce((sum, loss, i) => sum + this.outputs[i]!.weight! * loss, 0);
    const penalty = meanOf("penalty");
    const ofOutputs = this.outputs.map(({ output }, i) => [`${output}_loss`, losses[i]!] as const);
    const all: Metrics = { ...Object.fromEntries(ofOutputs), dataLoss, penalty };
    return {
      loss: dataLoss + penalty,
      ...Object.fromEntries(this.parts.map((name) => [name, all[name]!])),
      ...Object.fromEntries(this.turns.map(([name, turn]) => [name, turn.take().result()])),
    };
  }

  state(): MeterState {
    return {
      nSeen: this.nSeen,
      losses: this.losses.map((loss) => loss.state()),
      sums: Object.fromEntries(this.sums),
      metrics: Object.fromEntries(this.turns.map(([name, turn]) => [name, turn.take().state()])),
    };
  }

  /** Goes on from where {@link state} was. */
  restore({ nSeen, losses, sums, metrics }: MeterState): void {
    this.reset();
    this.nSeen = nSeen;
    this.sums = new Map(Object.entries(sums));
    for (const [i, loss] of this.losses.entries()) loss.restore(losses[i]!);
    for (const [name, turn] of this.turns) turn.take().restore(metrics[name]!);
  }
}

function targetsOf({ values, shape }: NumberBlock, rows: Int32Array): Float64Array {
  const size = values.length / shape[0]!;
  const targets = new Float64Array(rows.length * size);
  for (let i = 0; i < targets.length; i++) targets[i] = values[rows[Math.floor(i / size)]! * size + (i % size)]!;
  return targets;
}
