import { OptionError, ShapeError } from "./errors.js";

/** Returns `value` with its narrow type if it is one of the `allowed` words. */
export function checkOneOf<T extends string>(where: string, name: string, value: string, allowed: readonly T[]): T {
  const match = allowed.find((word) => word === value);
  if (match !== undefined) return match;
  const list = allowed.map((word) => JSON.stringify(word)).join(", ");
  throw new OptionError(`${where}: ${name} must be one of ${list}, got ${show(value)}.`);
}

export interface NumberRange {
  readonly atLeast?: number;
  readonly above?: number;
  readonly atMost?: number;
  readonly below?: number;
  readonly integer?: boolean;
  /** What to do about it, a sentence of its own. */
  readonly advice?: string;
}

/** Returns `value` if it is a finite number within `range`. */
export function checkNumber(where: string, name: string, value: number, range: NumberRange = {}): number {
  const fits =
    typeof value === "number" &&
    Number.isFinite(value) &&
    (!range.integer || Number.isInteger(value)) &&
    (range.atLeast === undefined || value >= range.atLeast) &&
    (range.above === undefined || value > range.above) &&
    (range.atMost === undefined || value <= range.atMost) &&
    (range.below === undefined || value < range.below);
  if (fits) return value;
  const advice = range.advice ? ` ${range.advice}` : "";
  throw new OptionError(`${where}: ${name} must be ${describe(range)}, got ${show(value)}.${advice}`);
}

/** Throws unless `got` columns came where `expected` were learned. */
export function checkColumns(where: string, got: number, expected: number): void {
  if (got !== expected) throw new ShapeError(`${where}: expected ${expected} columns as in fit, got ${got}.`);
}

/** How a wrong value is shown in an error: short, quoted, on one line. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
  if (value === null || typeof value !== "object") return String(value);
  return Array.isArray(value) ? `an array of ${value.length}` : `a ${value.constructor?.name ?? "value"}`;
}

function describe({ atLeast, above, atMost, below, integer }: NumberRange): string {
  const kind = integer ? "an integer" : "a number";
  const low = atLeast !== undefined ? `from ${atLeast}` : above !== undefined ? `above ${above}` : "";
  const high = atMost !== undefined ? `to ${atMost}` : below !== undefined ? `below ${below}` : "";
  return [kind, low, low && high && below !== undefined ? `and ${high}` : high].filter(Boolean).join(" ");
}
