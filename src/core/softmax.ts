/**
 * The softmax of each row of logits, in double precision.
 * @param width - Logits of a row.
 * @param factor - What the logits are multiplied by first. @default 1
 */
export function softmaxRows(logits: ArrayLike<number>, width: number, factor = 1): Float64Array {
  const shares = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += width) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = start; i < start + width; i++) largest = Math.max(largest, logits[i]! * factor);
    let sum = 0;
    for (let i = start; i < start + width; i++) {
      shares[i] = Math.exp(logits[i]! * factor - largest);
      sum += shares[i]!;
    }
    for (let i = start; i < start + width; i++) shares[i]! /= sum;
  }
  return shares;
}
