import { show } from "../core/check.js";
import { checkOptions, type OptionKind } from "../core/check-options.js";
import { OptionError } from "../core/errors.js";
import type { LossConfig, Reduction } from "./loss.js";

export interface LossOptions {
  /** How the losses of samples and steps become one number. @default "mean" */
  readonly reduction?: Reduction;
}

export interface OutputsOptions extends LossOptions {
  /** How much each output (column of `yPred`) matters, from 0. @default 1 each */
  readonly outputWeights?: readonly number[];
}

const reductions = ["mean", "weightedMean", "sum"] as const;
/** A part of each target that goes to all classes alike. */
export const smoothing = { atLeast: 0, below: 1 };

/** The options of a loss over their defaults. */
export interface Checked<Options> {
  readonly all: Required<Options>;
  /** Says those that are not the default. */
  readonly config: LossConfig;
}

/** What each option must be, but for those that several losses have. */
type Kinds<Options, Given extends keyof LossOptions | keyof OutputsOptions> = {
  readonly [Name in Exclude<keyof Required<Options>, Given>]: OptionKind;
};

/** The options of a loss, each of its kind. */
export function lossOptions<Options extends LossOptions>(
  name: string,
  options: Options,
  kinds: Kinds<Options, "reduction">,
  defaults: Partial<Options> = {},
): Checked<Options> {
  const allKinds = { reduction: reductions, ...kinds } as { readonly [Name in keyof Required<Options>]: OptionKind };
  const allDefaults = { reduction: "mean", ...defaults } as Partial<Options>;
  const all = checkOptions(`losses.${name}`, options, allKinds, allDefaults);
  const given = Object.entries(options).filter(
    ([option, value]) => !isSame(value, allDefaults[option as keyof Options]) && value !== undefined,
  );
  return { all, config: { name, options: Object.fromEntries(given) } };
}

/** The same for a loss whose outputs have weights. */
export function outputsOptions<Options extends OutputsOptions>(
  name: string,
  options: Options,
  kinds: Kinds<Options, "reduction" | "outputWeights">,
  defaults?: Partial<Options>,
): Checked<Options> {
  return lossOptions(name, options, { ...kinds, outputWeights: maybe(checkWeights) } as never, defaults);
}

/** A check of an option that may be left out. */
export function maybe(kind: (where: string, option: string, value: unknown) => void): OptionKind {
  return (where, option, value) => {
    if (value !== undefined) kind(where, option, value);
  };
}

/** Numbers from 0, not all of them 0. */
function checkWeights(where: string, option: string, value: unknown): void {
  const isFine = Array.isArray(value) && value.every((x) => Number.isFinite(x) && x >= 0) && value.some((x) => x > 0);
  if (isFine) return;
  const got = Array.isArray(value) ? `[${value.join(", ")}]` : show(value);
  throw new OptionError(`${where}: ${option} must be numbers from 0, one for each output and not all 0, got ${got}.`);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
