import { DataError } from "../core/errors.js";

export type ArrayData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** The types of numbers in a file, each with the array that holds it. */
export const arrayTypes = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};
export type FileType = keyof typeof arrayTypes;

/** Where an array lies: `begin` to `end` count bytes from the end of the header. */
export interface Entry {
  readonly name: string;
  readonly type: FileType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: readonly Entry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Of the header, as in the reference reader: a foreign file must not make us allocate what its first bytes happen to say. */
export const maxHeaderBytes = 100_000_000;

export function nValues(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The header's text: JSON, filled up with spaces so that the arrays begin at a multiple of 8 bytes. */
export function headerText({ entries, metadata }: Header): string {
  const fields = entries.map(({ name, type, shape, begin, end }) => [
    name,
    { dtype: type, shape, data_offsets: [begin, end] },
  ]);
  const text = JSON.stringify(Object.fromEntries([["__metadata__", metadata], ...fields]));
  return text + " ".repeat((8 - (Buffer.byteLength(text) % 8)) % 8);
}

/**
 * Reads a header and checks it: known types, and arrays that fill the rest of the file without gaps or overlaps.
 * @param nDataBytes - Bytes of the file after the header.
 * @returns The entries in the order in which they lie in the file.
 */
export function parseHeader(where: string, path: string, text: string, nDataBytes: number): Header {
  const fail = (what: string): never => {
    throw new DataError(`${where}: ${JSON.stringify(path)} is not a whole safetensors file: ${what}.`);
  };
  const { __metadata__: metadata = {}, ...fields } = parsedObject(text) ?? fail("its header is not a JSON object");
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== "string")) {
    fail("its __metadata__ is not a table of texts");
  }
  const entries = Object.entries(fields).map(([name, value]) => {
    const quoted = JSON.stringify(name);
    const { dtype, shape, data_offsets: offsets } = isRecord(value) ? value : {};
    if (typeof dtype !== "string" || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
      return fail(`the entry of ${quoted} does not say a type, a shape and a place`);
    }
    if (!Object.hasOwn(arrayTypes, dtype)) return fail(`${quoted} holds numbers of the unknown type ${dtype}`);
    const type = dtype as FileType;
    const [begin, end] = offsets as [number, number];
    const expected = nValues(shape) * arrayTypes[type].BYTES_PER_ELEMENT;
    if (end - begin !== expected) {
      return fail(`${quoted} of shape [${shape}] needs ${expected} bytes and has ${end - begin}`);
    }
    return { name, type, shape, begin, end };
  });
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const entry of entries) {
    if (entry.begin !== end) fail(`there is a gap or an overlap before ${JSON.stringify(entry.name)}`);
    end = entry.end;
  }
  if (end !== nDataBytes) fail(`its header promises ${end} bytes of numbers and there are ${nDataBytes}`);
  return { entries, metadata: metadata as Record<string, string> };
}

function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
