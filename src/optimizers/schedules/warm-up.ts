import { checkNumber } from "../../core/check.js";
import { checkNames, checkSchedule, rate, steps } from "./check-options.js";
import { type Schedule, scheduleOf } from "./schedule.js";

export interface WarmUpOptions {
  /** How many steps rise. */
  readonly steps: number;
  /** The learning rate of step 0. @default 0 */
  readonly from?: number;
  /** What follows, from its own step 0 on, and whose start the rise aims at. */
  readonly then: Schedule | number;
}

/** A straight line up to the start of another schedule, then that one. */
export function warmUp(options: WarmUpOptions): Schedule {
  const where = "schedules.warmUp";
  checkNames(where, options, ["steps", "from", "then"]);
  const { from = 0 } = options;
  checkNumber(where, "from", from, rate);
  const length = checkNumber(where, "steps", options.steps, steps);
  const then = checkSchedule(where, "then", options.then);
  const target = then.at(0);
  const at = (step: number) => (step < length ? from + (target - from) * (step / length) : then.at(step - length));
  return scheduleOf("warmUp", { ...options, then }, at);
}
