import { show } from "../core/check.js";
import { DataError } from "../core/errors.js";
import type { Matrix } from "../core/matrix.js";
import type { NotHeldOut, SamePart } from "../core/part.js";
import type { Frame } from "../data/frame.js";

/** Rows of features: a frame, or a matrix of numbers. */
export type Features = Frame | Matrix;

/** Something that learns from rows how to turn rows into numbers. */
export interface Transformer {
  /** Learns from `x`, leaves this object unchanged and returns what it learned; refuses held-out parts. */
  fit<T extends Features>(x: NotHeldOut<T>): FittedTransformer;
}

/** What a transformer learned. */
export interface FittedTransformer {
  /** The columns it was fitted on. */
  readonly inputNames: readonly string[];
  /** The columns it makes. */
  readonly featureNames: readonly string[];
  /** The same rows, of the same part, as numbers; shape `(nSamples, featureNames.length)`. */
  transform<T extends Features>(x: T): SamePart<T, Matrix>;
  toJSON(): TransformerJSON;
}

/** A fitted transformer as plain data; `type` says which one. */
export interface TransformerJSON {
  readonly type: string;
}

const readers = new Map<string, (json: TransformerJSON) => FittedTransformer>();

/** Makes `transformerFromJSON` know a type; ours do so themselves. */
export function registerTransformer(type: string, fromJSON: (json: never) => FittedTransformer): void {
  readers.set(type, fromJSON as (json: TransformerJSON) => FittedTransformer);
}

/**
 * The fitted transformer that `toJSON` wrote, whatever its type.
 *
 * @example
 * const copy = transformerFromJSON(JSON.parse(JSON.stringify(fitted)));
 */
export function transformerFromJSON(json: TransformerJSON): FittedTransformer {
  const read = readers.get(json?.type);
  if (read !== undefined) return read(json);
  throw new DataError(
    `transformerFromJSON: type must be one of ${[...readers.keys()].sort().join(", ")}, got ${show(json?.type)}.`,
  );
}

/** Throws unless `json` is what `type` writes: with these fields, all of them lists of one length. */
export function checkTransformerJSON(json: TransformerJSON, type: string, ...lists: readonly string[]): void {
  const where = `${type}.fromJSON`;
  if (json?.type !== type) throw new DataError(`${where}: expected type ${show(type)}, got ${show(json?.type)}.`);
  const lengths = lists.map((name) => {
    const list = (json as unknown as Record<string, unknown>)[name];
    if (Array.isArray(list)) return list.length;
    throw new DataError(`${where}: ${name} must be a list, got ${show(list)}.`);
  });
  if (new Set(lengths).size > 1) {
    throw new DataError(`${where}: ${lists.join(", ")} must have one length, got ${lengths.join(", ")}.`);
  }
}
