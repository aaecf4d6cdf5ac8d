import { checkNumber, checkOneOf, type NumberRange, show } from "./check.js";
import { OptionError } from "./errors.js";

/** A number in a range, true or false, one of some words, or a check of its own. */
export type OptionKind =
  | NumberRange
  | "flag"
  | readonly string[]
  | ((where: string, option: string, value: unknown) => void);

/** `options` over `defaults`, each of its kind; an option of another name is refused. */
export function checkOptions<Options extends object>(
  where: string,
  options: Options,
  kinds: { readonly [Name in keyof Required<Options>]: OptionKind },
  defaults: Partial<Options> = {},
): Required<Options> {
  checkNames(where, options, Object.keys(kinds));
  const all: Record<string, unknown> = { ...defaults, ...options };
  for (const [option, kind] of Object.entries<OptionKind>(kinds)) {
    const value = all[option];
    if (typeof kind === "function") kind(where, option, value);
    else if (kind === "flag") checkOneOf(where, option, String(value), ["true", "false"]);
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
