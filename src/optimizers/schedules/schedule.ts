import type { Chart } from "../../charts/chart.js";
import { scheduleChart } from "../../charts/schedule-chart.js";
import { checkNumber } from "../../core/check.js";
import { type Displayable, displaySymbol } from "../../output/mime.js";

/** A learning rate as a pure function of the step. In a notebook it shows its curve. */
export interface Schedule extends Displayable {
  /** The learning rate of a step. @param step - Updates of the weights before it, from 0. */
  at(step: number): number;
  /** Its curve. @param steps - How many steps, from 2. @default as many as show its course */
  preview(steps?: number): Chart;
  /** Plain data that `schedules.fromJSON` reads. */
  toJSON(): ScheduleJSON;
}

/** `kind` is the name of a function of `schedules`, the rest its options. */
export interface ScheduleJSON {
  readonly kind: string;
  readonly [option: string]: unknown;
}

export function isSchedule(value: unknown): value is Schedule {
  return typeof value === "object" && value !== null && typeof (value as Schedule).at === "function";
}

const courses = new WeakMap<Schedule, number>();

/** How many steps show the course of a schedule. */
export function courseOf(schedule: Schedule): number {
  return courses.get(schedule) ?? 1000;
}

/**
 * A schedule that is written down as its kind and the options that made it.
 * @param course - How many steps show what it does.
 */
export function scheduleOf(kind: string, options: object, course: number, at: (step: number) => number): Schedule {
  const preview = (steps = course) => {
    checkNumber(`schedules.${kind}`, "steps of the preview", steps, { integer: true, atLeast: 2 });
    return scheduleChart(kind, at, steps);
  };
  const schedule: Schedule = {
    at,
    preview,
    toJSON: () => JSON.parse(JSON.stringify({ kind, ...options })),
    [displaySymbol]: () => preview()[displaySymbol](),
  };
  courses.set(schedule, course);
  return schedule;
}
