/** As `JSON.stringify` on one line, but `exactValue` gives back also NaN, the infinities and -0. */
export function exactText(value: unknown): string {
  return JSON.stringify(value, (_, item) => (typeof item === "number" ? markedNumber(item) : item));
}

/** What {@link exactText} wrote. @throws SyntaxError if `text` is not whole. */
export function exactValue(text: string): unknown {
  return JSON.parse(text, (_, item) => (isMarked(item) ? Number(item.$number) : item));
}

function markedNumber(value: number): unknown {
  if (Object.is(value, -0)) return { $number: "-0" };
  return Number.isFinite(value) ? value : { $number: String(value) };
}

function isMarked(item: unknown): item is { readonly $number: string } {
  return typeof item === "object" && item !== null && "$number" in item;
}
