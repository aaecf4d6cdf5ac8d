import { checkNumber } from "../../core/check.js";
import { checkNames, checkSchedule, rate, steps } from "./check-options.js";
import { courseOf, type Schedule, scheduleOf } from "./schedule.js";

export interface WarmUpOptions {
  /** How many steps rise. */
  readonly steps: number;
  /** The learning rate of step 0. @default 0 */
  readonly from?: number;
  /** What follows, from its own step 0 on; the rise aims at its start. */
  readonly schedule: Schedule | number;
}

/** A straight line up to the start of another schedule, then that one. */
export function warmUp(options: WarmUpOptions): Schedule {
  const where = "schedules.warmUp";
  checkNames(where, options, ["steps", "from", "schedule"]);
  const { from = 0 } = options;
  checkNumber(where, "from", from, rate);
  const length = checkNumber(where, "steps", options.steps, steps);
  const schedule = checkSchedule(where, "schedule", options.schedule);
  const target = schedule.at(0);
  const at = (step: number) => (step < length ? from + (target - from) * (step / length) : schedule.at(step - length));
  return scheduleOf("warmUp", { ...options, schedule }, length + courseOf(schedule), at);
}
