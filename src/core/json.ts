/** What survives `JSON.stringify` as it is. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined };

/** A number as JSON, which has no NaN and no Infinity. */
export function numberToJSON(value: number): JsonValue {
  return Number.isFinite(value) ? value : String(value);
}

/** What {@link numberToJSON} wrote. */
export function numberFromJSON(json: JsonValue): number {
  return Number(json);
}
