import { ShapeError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { rowText } from "../own-layer.js";
import type { Mask } from "./masks.js";

/** What is added to the score of a key that must not be seen: `exp` of it is 0. */
const never = -1e9;

/** What a query may see; each part is optional. */
export interface Sight {
  /** Nothing later than itself. */
  readonly causal: boolean;
  /** Padding of the queries and of the keys, shapes `(n, queries)` and `(n, keys)`. */
  readonly queries: Mask | null;
  readonly keys: readonly (Mask | null)[];
  /** 1 where a query may see a key: `(n, keys)`, `(n, queries, keys)` or `(n, heads or 1, queries, keys)`. */
  readonly explicit: tf.Tensor | null;
}

/**
 * Softmax of scores of shape `(n, heads, queries, keys)` or `(n, queries, keys)` over the keys that a query may see. A query
 * that may see none gets zeros.
 */
export function attentionWeights(scores: tf.Tensor, sight: Sight): tf.Tensor {
  const seen = visible(scores, sight);
  if (seen === null) {
    return tf.softmax(sight.causal ? tf.add(scores, triangle(scores.shape, 0, never)) : scores);
  }
  const bias = tf.mul(tf.sub(seen, 1), -never);
  return tf.mul(tf.softmax(tf.add(scores, bias)), seen);
}

/** 1 where a query may see a key, spread over `scores` by broadcasting; null if only a triangle limits them. */
function visible(scores: tf.Tensor, { causal, queries, keys, explicit }: Sight): tf.Tensor | null {
  const { rank } = scores;
  const parts: tf.Tensor[] = [];
  if (queries) parts.push(tf.expandDims(queries, -1));
  for (const mask of keys) if (mask) parts.push(tf.expandDims(mask, -2));
  if (explicit) parts.push(explicit.rank === 2 ? tf.expandDims(explicit, -2) : explicit);
  if (parts.length === 0) return null;
  const ones = parts.map((part) => {
    const one = tf.cast(tf.cast(part, "bool"), "float32");
    return one.rank < rank ? tf.expandDims(one, 1) : one;
  });
  if (causal) ones.push(triangle(scores.shape, 1, 0));
  return ones.reduce((all, one) => tf.mul(all, one));
}

/** Row `i` has `within` up to column `i`, and `beyond` from there on. */
function triangle(scores: readonly number[], within: number, beyond: number): tf.Tensor {
  const [queries, keys] = scores.slice(-2) as [number, number];
  const values = new Float32Array(queries * keys);
  for (let i = 0; i < values.length; i++) values[i] = i % keys <= Math.floor(i / keys) ? within : beyond;
  return tf.tensor(values, [queries, keys]);
}

/** The inputs of a layer by what they are. */
export interface Parts<T> {
  readonly query: T;
  readonly value: T;
  readonly key: T;
  readonly mask: T | null;
  /** Whether query, value and key are one. */
  readonly isSelf: boolean;
}

/** `x`, `[query, value]` or `[query, value, key]`, and behind them a mask if the layer takes one. */
export function partsOf<T>(where: string, inputs: readonly T[], hasMask: boolean, least: number): Parts<T> {
  const own = hasMask ? inputs.slice(0, -1) : inputs;
  if (own.length < least || own.length > 3) {
    const mask = hasMask ? ", mask" : "";
    const one = least > 1 ? "" : hasMask ? "[x, mask], " : "x, ";
    throw new ShapeError(
      `${where}: takes ${one}[query, value${mask}] or [query, value, key${mask}], got ${inputs.length} inputs.`,
    );
  }
  const [query, value = query!, key = value] = own;
  return { query: query!, value, key, mask: hasMask ? inputs.at(-1)! : null, isSelf: own.length === 1 };
}

/** Shapes, or one shape, as a list. */
export function shapesOf(input: tf.Shape | tf.Shape[]): tf.Shape[] {
  return Array.isArray(input[0]) ? (input as tf.Shape[]) : [input as tf.Shape];
}

/** @throws ShapeError unless query, value and key are sequences that fit together, and the mask fits them. */
export function checkSequences(where: string, { query, value, key, mask, isSelf }: Parts<tf.Shape>): void {
  for (const [name, shape] of Object.entries({ query, value, key })) {
    const is = isSelf ? "the input" : name;
    if (shape.length !== 3) {
      throw new ShapeError(
        `${where}: ${is} must be a sequence of vectors with shape (n, steps, features), got ${rowText(shape)}.`,
      );
    }
    if (shape[2] === null) {
      throw new ShapeError(`${where}: ${is} must have a known number of features, got ${rowText(shape)}.`);
    }
  }
  if (differ(value[1], key[1])) {
    throw new ShapeError(
      `${where}: value and key must have the same steps, got ${rowText(value)} and ${rowText(key)}.`,
    );
  }
  if (mask === null) return;
  const fits = [2, 3, 4].includes(mask.length) && !differ(mask.at(-1), value[1]);
  const fitsQueries = mask.length === 2 || !differ(mask.at(-2), query[1]);
  if (fits && fitsQueries) return;
  throw new ShapeError(
    `${where}: the mask must have shape (n, ${sizeText(value[1])}) or (n, ${sizeText(query[1])}, ${sizeText(value[1])}), got ${rowText(mask)}.`,
  );
}

function differ(a: number | null | undefined, b: number | null | undefined): boolean {
  return a !== b && a !== null && b !== null;
}

function sizeText(size: number | null | undefined): string {
  return size === null || size === undefined ? "any" : String(size);
}
