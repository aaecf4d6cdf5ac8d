import { checkNumber, type NumberRange } from "../../core/check.js";
import { checkOptions as checkAll, type OptionKind } from "../../core/check-options.js";
import { isSchedule, type Schedule, scheduleOf } from "./schedule.js";

export { checkNames } from "../../core/check-options.js";

/** A length in steps. */
export const steps: NumberRange = { integer: true, atLeast: 1 };
export const rate: NumberRange = { atLeast: 0 };

/** `options` over `defaults`, each of its kind; an option of another name is refused. */
export function checkOptions<Options extends object>(
  name: string,
  options: Options,
  kinds: { readonly [Name in keyof Required<Options>]: OptionKind },
  defaults: Partial<Options> = {},
): Required<Options> {
  return checkAll(`schedules.${name}`, options, kinds, defaults);
}

/** A schedule, or the one that a number stands for. */
export function checkSchedule(where: string, option: string, value: Schedule | number): Schedule {
  if (isSchedule(value)) return value;
  checkNumber(where, option, value, rate);
  return scheduleOf("constant", { learningRate: value }, 100, () => value);
}
