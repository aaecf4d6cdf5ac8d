import { checkNumber, checkOneOf } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { formatNumber } from "../core/table.js";
import type { Answer, Callback, FitTask, KeptWeights, Metrics, Task } from "./callback.js";
import { type Direction, directionOf, directions } from "./direction.js";

export interface EarlyStoppingOptions {
  /** What is watched: a name that each epoch reports. @default "val_loss" */
  readonly monitor?: string;
  /** Epochs without improvement before training stops, from 0. @default 5 */
  readonly patience?: number;
  /** A smaller change is no improvement, from 0. @default 0 */
  readonly minDelta?: number;
  /** @default "minimize" for losses and errors, "maximize" for scores */
  readonly mode?: Direction;
  /** Put the weights of the best epoch back when training ends, whatever ended it. @default true */
  readonly restoreBest?: boolean;
}

/**
 * Stops when `monitor` no longer improves, and leaves the model with the weights of its best epoch.
 *
 * @example
 * fit(model, { train, validation, epochs: 200, callbacks: [new EarlyStopping({ patience: 10 })] });
 */
export class EarlyStopping implements Callback {
  private readonly monitor: string;
  private readonly patience: number;
  private readonly minDelta: number;
  private readonly mode: Direction;
  private readonly restoreBest: boolean;
  private fit: FitTask | undefined;
  private best: { readonly epoch: number; readonly value: number; readonly weights?: KeptWeights } | undefined;

  constructor(options: EarlyStoppingOptions = {}) {
    const { monitor = "val_loss", patience = 5, minDelta = 0, restoreBest = true } = options;
    this.monitor = monitor;
    this.patience = checkNumber("EarlyStopping", "patience", patience, { integer: true, atLeast: 0 });
    this.minDelta = checkNumber("EarlyStopping", "minDelta", minDelta, { atLeast: 0 });
    this.mode =
      options.mode === undefined
        ? directionOf("EarlyStopping", monitor)
        : checkOneOf("EarlyStopping", "mode", options.mode, directions);
    this.restoreBest = restoreBest;
  }

  onTrainBegin(fit: FitTask): void {
    if (!fit.reports.includes(this.monitor)) {
      const reported = fit.reports.map((name) => JSON.stringify(name)).join(", ");
      const advice = this.monitor.startsWith("val_") ? "Pass validation rows to fit." : "Name one of those.";
      throw new OptionError(
        `EarlyStopping: monitor ${JSON.stringify(this.monitor)} was not reported, only ${reported}. ${advice}`,
      );
    }
    this.fit = fit;
    this.best = undefined;
  }

  onEpochEnd(epoch: Task, metrics: Metrics): Answer {
    const value = metrics[this.monitor]!;
    if (this.best === undefined || this.improves(value, this.best.value)) {
      this.best?.weights?.dispose();
      this.best = { epoch: epoch.index, value, ...(this.restoreBest && { weights: this.fit!.keepWeights() }) };
      return;
    }
    const waited = epoch.index - this.best.epoch;
    if (waited < this.patience) return;
    const best = `${formatNumber(this.best.value)} of epoch ${this.best.epoch + 1}`;
    return { stop: `EarlyStopping: ${this.monitor} did not improve on the ${best} for ${waited} epochs.` };
  }

  onTrainEnd(): void {
    this.best?.weights?.restore();
    this.best?.weights?.dispose();
    this.fit = undefined;
    this.best = undefined;
  }

  private improves(value: number, best: number): boolean {
    if (Number.isNaN(best)) return !Number.isNaN(value);
    return this.mode === "minimize" ? value < best - this.minDelta : value > best + this.minDelta;
  }
}
