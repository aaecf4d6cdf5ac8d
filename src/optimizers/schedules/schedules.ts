import { checkOneOf, show } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { constant } from "./constant.js";
import { cosine, cosineRestarts } from "./cosine.js";
import { custom } from "./custom.js";
import { cyclic } from "./cyclic.js";
import { exponential } from "./exponential.js";
import { inverseSquareRoot } from "./inverse-square-root.js";
import { inverseTime } from "./inverse-time.js";
import { oneCycle } from "./one-cycle.js";
import { piecewise } from "./piecewise.js";
import { polynomial } from "./polynomial.js";
import type { Schedule, ScheduleJSON } from "./schedule.js";
import { sequence } from "./sequence.js";
import { stepDecay } from "./step-decay.js";
import { warmUp } from "./warm-up.js";

const byOptions = {
  constant,
  stepDecay,
  piecewise,
  exponential,
  inverseTime,
  polynomial,
  cosine,
  cosineRestarts,
  cyclic,
  inverseSquareRoot,
  oneCycle,
  warmUp,
  sequence,
};

/**
 * Learning rates as functions of the step.
 *
 * @example
 * const cosine = schedules.cosine({ initialLearningRate: 0.01, decaySteps: 900 });
 * adam({ learningRate: schedules.warmUp({ steps: 100, schedule: cosine }) });
 */
export const schedules = { ...byOptions, custom, fromJSON };

/** The schedule that `toJSON` wrote down, with those inside it. */
function fromJSON(json: ScheduleJSON): Schedule {
  const where = "schedules.fromJSON";
  if (typeof json !== "object" || json === null) {
    throw new OptionError(`${where}: expected what toJSON() of a schedule gave, got ${show(json)}.`);
  }
  if (json.kind === "custom") {
    throw new OptionError(
      `${where}: a custom schedule is code and cannot be read. Make it anew with schedules.custom.`,
    );
  }
  const kind = checkOneOf(where, "kind", json.kind, Object.keys(byOptions) as (keyof typeof byOptions)[]);
  const { kind: _, ...options } = revived(json) as ScheduleJSON;
  return (byOptions[kind] as (options: object) => Schedule)(options);
}

/** `value` with the schedules inside it made again; itself it stays as it is. */
function revived(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => inner(item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(item)]));
}

function inner(value: unknown): unknown {
  const isWritten = typeof value === "object" && value !== null && "kind" in value;
  return isWritten ? fromJSON(value as ScheduleJSON) : revived(value);
}
