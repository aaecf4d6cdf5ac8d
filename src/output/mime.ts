/** The forms in which one value can be shown, by MIME type: text, or plain data for JSON types. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** A method under this symbol says how a value is shown. Deno's kernel uses the same symbol. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display");

/** A value that knows how to show itself in a notebook. */
export interface Displayable {
  [displaySymbol](): MimeBundle | Promise<MimeBundle>;
}

export function isDisplayable(value: unknown): value is Displayable {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    typeof (value as Partial<Displayable>)[displaySymbol] === "function"
  );
}
