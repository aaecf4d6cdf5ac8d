type Kind = "string" | "number" | "boolean" | "strings";

/**
 * What a field of a request must be: `"strings"` is an object of strings, a list names the values that are allowed, and
 * with a question mark (in a list: with null) the field may be absent or null.
 */
export type FieldRule = Kind | `${Kind}?` | readonly (string | number | null)[];

export type FieldRules<Request> = { readonly [Name in keyof Request]?: FieldRule };

/**
 * Returns a request's content without the optional fields that are null: to the handlers, null is absent.
 * @throws TypeError that names the first field that is wrong.
 */
export function checkFields(
  where: string,
  rules: Readonly<Record<string, FieldRule | undefined>>,
  content: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  for (const [name, rule] of Object.entries(rules)) {
    const value = Object.hasOwn(content, name) ? content[name] : undefined;
    if (rule === undefined || fits(rule, value)) continue;
    throw new TypeError(`${where}: ${name} must be ${described(rule)}, got ${brief(value)}.`);
  }
  const isGiven = ([name, value]: [string, unknown]) => value !== null || !Object.hasOwn(rules, name);
  return Object.fromEntries(Object.entries(content).filter(isGiven));
}

function fits(rule: FieldRule, value: unknown): boolean {
  if (Array.isArray(rule)) return rule.includes(value ?? null);
  const kind = String(rule).replace("?", "");
  if (value === undefined || value === null) return kind !== rule;
  if (kind !== "strings") return typeof value === kind;
  return isObject(value) && Object.values(value).every((each) => typeof each === "string");
}

function described(rule: FieldRule): string {
  if (typeof rule !== "string") {
    const words = rule.filter((word) => word !== null).map((word) => JSON.stringify(word));
    return `one of ${words.join(", ")}`;
  }
  const kind = rule.replace("?", "");
  return kind === "strings" ? "an object of strings" : `a ${kind}`;
}

/** Never all of it: it may be as large as a message can be. */
function brief(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "an object";
  const text = String(value);
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return typeof value === "string" ? JSON.stringify(shown) : shown;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
