/** Row numbers of the batches of one pass, each row once. @param from - Batches to pass over. */
export function* batches(order: Int32Array, batchSize: number, from = 0): Iterable<Int32Array> {
  for (let start = from * batchSize; start < order.length; start += batchSize) {
    yield order.subarray(start, start + batchSize);
  }
}

/** The numbers 0 to n - 1. */
export function allRows(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, row) => row);
}
