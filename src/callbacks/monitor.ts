import { checkOneOf, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import type { FitTask, Metrics } from "./callback.js";
import { type Direction, directionOf, directions, improves } from "./direction.js";

export interface MonitorOptions {
  /** What is watched: a name that each epoch reports. @default "val_loss" */
  readonly monitor?: string;
  /** @default "minimize" for losses and errors, "maximize" for scores */
  readonly mode?: Direction;
  /** A smaller change is no improvement, from 0. */
  readonly minDelta?: number;
}

/** One metric that a callback watches, and which way is better. */
export class Monitor {
  readonly metric: string;
  readonly mode: Direction;
  private readonly minDelta: number;

  /** @param where - The name of the callback, for errors. */
  constructor(
    private readonly where: string,
    { monitor = "val_loss", mode, minDelta = 0 }: MonitorOptions,
  ) {
    if (typeof monitor !== "string") {
      throw new OptionError(`${where}: monitor must be the name of a metric, got ${show(monitor)}.`);
    }
    this.metric = monitor;
    this.mode = mode === undefined ? directionOf(where, monitor) : checkOneOf(where, "mode", mode, directions);
    this.minDelta = minDelta;
  }

  /** @throws OptionError if the run does not report the metric. */
  check({ reports }: FitTask): void {
    if (reports.includes(this.metric)) return;
    const reported = reports.map((name) => JSON.stringify(name)).join(", ");
    const advice = this.metric.startsWith("val_") ? "Pass validation rows to fit." : "Name one of those.";
    throw new OptionError(
      `${this.where}: monitor ${JSON.stringify(this.metric)} was not reported, only ${reported}. ${advice}`,
    );
  }

  valueIn(metrics: Metrics): number {
    return metrics[this.metric]!;
  }

  improves(value: number, best: number): boolean {
    return improves(this.mode, value, best, this.minDelta);
  }
}
