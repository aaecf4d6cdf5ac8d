import { checkNumber } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { checkNames, rate } from "./check-options.js";
import { type Schedule, scheduleOf } from "./schedule.js";

export interface PiecewiseOptions {
  /** Rising; the last step of each value but the last. */
  readonly boundaries: readonly number[];
  /** One more than boundaries. */
  readonly values: readonly number[];
}

/**
 * `values[0]` up to and with step `boundaries[0]`, `values[1]` up to and with `boundaries[1]`, and so on: the
 * `PiecewiseConstantDecay` of Keras. (`MultiStepLR` of PyTorch changes one step earlier.)
 */
export function piecewise(options: PiecewiseOptions): Schedule {
  const where = "schedules.piecewise";
  checkNames(where, options, ["boundaries", "values"]);
  const boundaries = Array.from(options.boundaries ?? []);
  const values = Array.from(options.values ?? []);
  boundaries.forEach((boundary, i) => {
    const above = boundaries[i - 1] ?? -1;
    checkNumber(where, `boundaries[${i}]`, boundary, { integer: true, above });
  });
  values.forEach((value, i) => void checkNumber(where, `values[${i}]`, value, rate));
  if (values.length !== boundaries.length + 1) {
    throw new OptionError(
      `${where}: values must have one number more than boundaries, got ${values.length} for ${boundaries.length}.`,
    );
  }
  const at = (step: number) => {
    const place = boundaries.findIndex((boundary) => step <= boundary);
    return values[place < 0 ? boundaries.length : place]!;
  };
  return scheduleOf("piecewise", { boundaries, values }, Math.ceil(1.3 * (boundaries.at(-1) ?? 100)), at);
}
