import { show } from "../core/check.js";
import { checkOptions, type OptionKind } from "../core/check-options.js";
import { OptionError } from "../core/errors.js";

export interface NameOption {
  /** Under which it is reported; for two of one kind side by side. @default the name of the metric */
  readonly name?: string;
}

/** Options of which some have a default. */
type Filled<Options, Names extends keyof Options> = Options &
  Required<Pick<Options, Names>> & { readonly name: string };

/** The options of `metrics.METRIC` over their defaults, each of its kind. */
export function metricOptions<Options extends NameOption, Names extends keyof Options>(
  metric: string,
  options: Options,
  kinds: { readonly [Name in Exclude<keyof Options, "name">]-?: OptionKind },
  defaults: { readonly [Name in Names]: NonNullable<Options[Name]> },
): Filled<Options, Names> {
  const allKinds = { name: checkName, ...kinds } as unknown as {
    readonly [Name in keyof Required<Options>]: OptionKind;
  };
  const allDefaults = { name: metric, ...defaults } as unknown as Partial<Options>;
  return checkOptions(`metrics.${metric}`, options, allKinds, allDefaults) as Filled<Options, Names>;
}

/** The name that the options of a metric without other options give. */
export function metricName(metric: string, options: NameOption): string {
  return metricOptions(metric, options, {}, {}).name;
}

/** One of some words, or nothing. */
export function oneOfOrNone(words: readonly string[]): OptionKind {
  return (where, option, value) => {
    if (value === undefined || words.includes(value as string)) return;
    const list = words.map((word) => JSON.stringify(word)).join(", ");
    throw new OptionError(`${where}: ${option} must be one of ${list}, got ${show(value)}.`);
  };
}

function checkName(where: string, option: string, value: unknown): void {
  if (typeof value === "string" && value !== "") return;
  throw new OptionError(`${where}: ${option} must be a word to report the metric under, got ${show(value)}.`);
}
