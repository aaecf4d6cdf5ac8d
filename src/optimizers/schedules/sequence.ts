import { checkNumber, show } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { checkNames, checkSchedule, steps } from "./check-options.js";
import { courseOf, type Schedule, scheduleOf } from "./schedule.js";

export interface SequenceOptions {
  /** In their order. Each begins at its own step 0. */
  readonly parts: readonly SequencePart[];
}

export interface SequencePart {
  readonly schedule: Schedule | number;
  /** How long it lasts; the last part has none and goes on. */
  readonly steps?: number;
}

/** Schedules one after the other, the `SequentialLR` of PyTorch. */
export function sequence(options: SequenceOptions): Schedule {
  const where = "schedules.sequence";
  checkNames(where, options, ["parts"]);
  if (!Array.isArray(options.parts) || options.parts.length === 0) {
    throw new OptionError(`${where}: parts must be an array of { schedule, steps }, got ${show(options.parts)}.`);
  }
  const parts = options.parts.map((part: SequencePart, i) => {
    const place = `${where}: parts[${i}]`;
    checkNames(place, part, ["schedule", "steps"]);
    const schedule = checkSchedule(place, "schedule", part.schedule);
    if (i < options.parts.length - 1) return { schedule, steps: checkNumber(place, "steps", part.steps!, steps) };
    if (part.steps === undefined) return { schedule };
    throw new OptionError(
      `${place}: the last part goes on without end, got steps ${show(part.steps)}. Leave steps out.`,
    );
  });
  const at = (step: number) => {
    let start = 0;
    for (const { schedule, steps: length = Number.POSITIVE_INFINITY } of parts) {
      if (step < start + length) return schedule.at(step - start);
      start += length;
    }
    return parts.at(-1)!.schedule.at(step - start);
  };
  const course = parts.reduce((sum, { schedule, steps: length }) => sum + (length ?? courseOf(schedule)), 0);
  return scheduleOf("sequence", { parts }, course, at);
}
