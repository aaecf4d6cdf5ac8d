/** A learning rate as a pure function of the step. */
export interface Schedule {
  /** The learning rate of a step. @param step - Updates of the weights before it, from 0. */
  at(step: number): number;
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

/** A schedule that is written down as its kind and the options that made it. */
export function scheduleOf(kind: string, options: object, at: (step: number) => number): Schedule {
  return { at, toJSON: () => JSON.parse(JSON.stringify({ kind, ...options })) };
}
