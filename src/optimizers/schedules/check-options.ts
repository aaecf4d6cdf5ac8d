import { checkNumber, checkOneOf, type NumberRange, show } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { isSchedule, type Schedule, scheduleOf } from "./schedule.js";

/** A number in a range, true or false, or one of some words. */
type Kind = NumberRange | "flag" | readonly string[];

/** A length in steps. */
export const steps: NumberRange = { integer: true, atLeast: 1 };
export const rate: NumberRange = { atLeast: 0 };

/** `options` over `defaults`, each of its kind; an option of another name is refused. */
export function checkOptions<Options extends object>(
  name: string,
  options: Options,
  kinds: { readonly [Name in keyof Required<Options>]: Kind },
  defaults: Partial<Options> = {},
): Required<Options> {
  const where = `schedules.${name}`;
  checkNames(where, options, Object.keys(kinds));
  const all: Record<string, unknown> = { ...defaults, ...options };
  for (const [option, kind] of Object.entries<Kind>(kinds)) {
    const value = all[option];
    if (kind === "flag") checkOneOf(where, option, String(value), ["true", "false"]);
    else if (Array.isArray(kind)) checkOneOf(where, option, value as string, kind);
    else checkNumber(where, option, value as number, kind as NumberRange);
  }
  return all as Required<Options>;
}

export function checkNames(where: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new OptionError(`${where}: options must be an object with ${known.join(", ")}, got ${show(options)}.`);
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new OptionError(`${where}: there is no option ${show(unknown)}, only ${known.join(", ")}.`);
}

/** A schedule, or the one that a number stands for. */
export function checkSchedule(where: string, option: string, value: Schedule | number): Schedule {
  if (isSchedule(value)) return value;
  checkNumber(where, option, value, rate);
  return scheduleOf("constant", { learningRate: value }, () => value);
}
