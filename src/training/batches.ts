import type { RandomStream } from "../core/random.js";

/** Row numbers of the batches of one pass, each row once; in a new order each time if `shuffle` is given. */
export function* batches(order: Int32Array, batchSize: number, shuffle?: RandomStream): Iterable<Int32Array> {
  shuffle?.shuffle(order);
  for (let start = 0; start < order.length; start += batchSize) yield order.subarray(start, start + batchSize);
}

/** The numbers 0 to n - 1. */
export function allRows(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, row) => row);
}
