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

/** Every bit of `values`, in base64. */
export function floatsToJSON(values: Float32Array): JsonValue {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}

/** What {@link floatsToJSON} wrote. */
export function floatsFromJSON(json: JsonValue): Float32Array {
  const bytes = Buffer.from(json as string, "base64");
  const values = new Float32Array(bytes.length / 4);
  new Uint8Array(values.buffer).set(bytes);
  return values;
}
