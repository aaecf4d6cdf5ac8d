import { checkNumber, show } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { rate } from "./check-options.js";
import { type Schedule, scheduleOf } from "./schedule.js";

/**
 * A schedule of your own. Code cannot be written down, so an optimizer that loads a state keeps the function it was made with.
 * @param at - Gives the learning rate of a step, from 0; the same for the same step.
 */
export function custom(at: (step: number) => number): Schedule {
  if (typeof at !== "function") {
    throw new OptionError(`schedules.custom: at must be a function of the step, got ${show(at)}.`);
  }
  return scheduleOf("custom", {}, 1000, (step) => checkNumber("schedules.custom", `at(${step})`, at(step), rate));
}
