import { type NormRow, normsChart } from "../charts/norms-chart.js";
import { checkNumber } from "../core/check.js";
import type { JsonValue } from "../core/json.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";
import type { Callback, FitTask, WeightNorms } from "./callback.js";

export interface GradientMonitorOptions {
  /** Measures one step of so many, from 1; the others cost nothing. @default 10 */
  readonly everySteps?: number;
}

/**
 * Measures how long gradient, weight and update of each weight are, with the compiled step too. It shows a heat map of update / weight:
 * about 1e-3 is usual; far less hardly learns, far more is about to diverge.
 *
 * @throws OptionError if `everySteps` is no whole number from 1.
 *
 * @example
 * const monitor = new GradientMonitor();
 * await fit(model, { ...options, callbacks: [monitor] });
 * monitor;
 */
export class GradientMonitor implements Callback, Displayable {
  readonly name = "GradientMonitor";
  private readonly everySteps: number;
  private measured: NormRow[] = [];

  constructor({ everySteps = 10 }: GradientMonitorOptions = {}) {
    this.everySteps = checkNumber("GradientMonitor", "everySteps", everySteps, { integer: true, atLeast: 1 });
  }

  /** A row for each weight and measured step; lengths are Euclidean. */
  get rows(): readonly NormRow[] {
    return this.measured;
  }

  onTrainBegin(fit: FitTask): void {
    this.measured = [];
    fit.watchNorms(
      (step) => step % this.everySteps === 0,
      (norms) => this.add(fit.step, norms),
    );
  }

  state(): JsonValue {
    return this.measured as unknown as JsonValue;
  }

  restore(state: JsonValue): void {
    this.measured = [...(state as unknown as readonly NormRow[])];
  }

  [displaySymbol](): MimeBundle | Promise<MimeBundle> {
    if (this.measured.length > 0) return normsChart(this.measured)[displaySymbol]();
    return { "text/plain": "GradientMonitor: no step was measured yet." };
  }

  private add(step: number, norms: readonly WeightNorms[]): void {
    for (const { name, gradient, weight, update } of norms)
      this.measured.push({ step, name, gradient, weight, update });
  }
}
