/**
 * The sum of each column of `(rows, columns)`, in 64 bits. Eight columns at a time, so that their sums stay in registers.
 */
export function columnSums(values: Float32Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  const size = values.length;
  let column = 0;
  for (; column + 8 <= columns; column += 8) {
    let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let i = column; i < size; i += columns) {
      a += values[i]!;
      b += values[i + 1]!;
      c += values[i + 2]!;
      d += values[i + 3]!;
      e += values[i + 4]!;
      f += values[i + 5]!;
      g += values[i + 6]!;
      h += values[i + 7]!;
    }
    sums.set([a, b, c, d, e, f, g, h], column);
  }
  for (; column < columns; column++) {
    let sum = 0;
    for (let i = column; i < size; i += columns) sum += values[i]!;
    sums[column] = sum;
  }
  return sums;
}

/** `y = (x - center) * slope + offset` with a center, slope and offset for each column; four columns at a time. */
export function scaleColumns(
  y: Float32Array,
  x: Float32Array,
  center: Float64Array,
  slope: Float64Array,
  offset: Float64Array,
): void {
  const columns = slope.length;
  let column = 0;
  for (; column + 4 <= columns; column += 4) {
    const [m0, m1, m2, m3] = center.subarray(column, column + 4) as unknown as [number, number, number, number];
    const [s0, s1, s2, s3] = slope.subarray(column, column + 4) as unknown as [number, number, number, number];
    const [o0, o1, o2, o3] = offset.subarray(column, column + 4) as unknown as [number, number, number, number];
    for (let i = column; i < y.length; i += columns) {
      y[i] = (x[i]! - m0) * s0 + o0;
      y[i + 1] = (x[i + 1]! - m1) * s1 + o1;
      y[i + 2] = (x[i + 2]! - m2) * s2 + o2;
      y[i + 3] = (x[i + 3]! - m3) * s3 + o3;
    }
  }
  for (; column < columns; column++) {
    const [m, s, o] = [center[column]!, slope[column]!, offset[column]!];
    for (let i = column; i < y.length; i += columns) y[i] = (x[i]! - m) * s + o;
  }
}
