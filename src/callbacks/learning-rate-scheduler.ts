import { checkOneOf, show } from "../core/check.js";
import { checkNames } from "../core/check-options.js";
import { OptionError } from "../core/errors.js";
import { isSchedule, type Schedule } from "../optimizers/schedules/schedule.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";
import type { Callback, FitTask, Task } from "./callback.js";

/** The learning rate of an epoch. @param epoch - From 0. @param learningRate - That of the epoch before. */
export type RateOfEpoch = (epoch: number, learningRate: number) => number;

export interface LearningRateSchedulerOptions {
  /** Whether a schedule counts steps or epochs; a function of one's own always gets epochs. @default "step" */
  readonly per?: "step" | "epoch";
}

/**
 * Sets the learning rate: by a schedule, or by a function of the epoch. A schedule that is only a function of the steps can
 * also be the `learningRate` of `fit`.
 *
 * @example
 * new LearningRateScheduler(schedules.oneCycle({ maxLearningRate: 0.01, totalSteps: 1000 }));
 * new LearningRateScheduler(schedules.stepDecay({ initialLearningRate: 0.1, stepSize: 30 }), { per: "epoch" });
 * new LearningRateScheduler((epoch, learningRate) => (epoch < 10 ? learningRate : learningRate * 0.95));
 */
export class LearningRateScheduler implements Callback, Displayable {
  readonly name = "LearningRateScheduler";
  onEpochBegin?: (epoch: Task) => void;
  onBatchBegin?: () => void;
  private readonly schedule: Schedule | RateOfEpoch;
  private fit: FitTask | undefined;

  constructor(schedule: Schedule | RateOfEpoch, options: LearningRateSchedulerOptions = {}) {
    const where = "LearningRateScheduler";
    checkNames(where, options, ["per"]);
    const per = checkOneOf(where, "per", options.per ?? "step", ["step", "epoch"]);
    if (!isSchedule(schedule) && typeof schedule !== "function") {
      throw new OptionError(`${where}: expected a schedule or a function of the epoch, got ${show(schedule)}.`);
    }
    this.schedule = schedule;
    if (isSchedule(schedule) && per === "step") this.onBatchBegin = () => this.set(schedule.at(this.fit!.step));
    else this.onEpochBegin = ({ index }) => this.set(this.rateOf(index));
  }

  onTrainBegin(fit: FitTask): void {
    this.fit = fit;
  }

  onTrainEnd(): void {
    this.fit = undefined;
  }

  /** The curve of its schedule. */
  [displaySymbol](): MimeBundle | Promise<MimeBundle> {
    if (isSchedule(this.schedule)) return this.schedule[displaySymbol]();
    return { "text/plain": "LearningRateScheduler: a function of the epoch" };
  }

  private rateOf(epoch: number): number {
    const { schedule } = this;
    return isSchedule(schedule) ? schedule.at(epoch) : schedule(epoch, this.fit!.learningRate);
  }

  private set(rate: number): void {
    if (!(rate >= 0 && Number.isFinite(rate))) {
      throw new OptionError(`LearningRateScheduler: the learning rate must be a number from 0, got ${show(rate)}.`);
    }
    this.fit!.setLearningRate(rate);
  }
}
