import { checkNumber } from "../core/check.js";
import { DataError } from "../core/errors.js";

export interface TokenWindows {
  /** Rows of `length` tokens. */
  readonly x: number[][];
  /** The same, one token later: `y[i][t]` comes after `x[i][t]`. */
  readonly y: number[][];
}

/**
 * Cuts a long row of tokens into rows for a model that tells the next token.
 *
 * @param length - Tokens of a row.
 * @param stride - From the begin of one row to that of the next: `length` for rows that share nothing, 1 for all rows that there
 *   are. What is left at the end, fewer than `stride` tokens, is in no row.
 * @throws DataError if there are not enough tokens for one row.
 *
 * @example
 * const { x, y } = nextTokenWindows(tokenizer.encode(text), 64, 16);
 */
export function nextTokenWindows(tokens: ArrayLike<number>, length: number, stride = length): TokenWindows {
  const where = "nextTokenWindows";
  checkNumber(where, "length", length, { integer: true, atLeast: 1 });
  checkNumber(where, "stride", stride, { integer: true, atLeast: 1 });
  if (tokens.length <= length) {
    throw new DataError(
      `${where}: tokens must be more than length, ${length}, got ${tokens.length}. Use a longer text or shorter rows.`,
    );
  }
  const all = Array.from(tokens);
  const x: number[][] = [];
  const y: number[][] = [];
  for (let from = 0; from + length < all.length; from += stride) {
    x.push(all.slice(from, from + length));
    y.push(all.slice(from + 1, from + length + 1));
  }
  return { x, y };
}
