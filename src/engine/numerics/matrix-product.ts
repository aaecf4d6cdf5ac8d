/** The two operands of a product, each with the sizes before its last two dimensions. */
export interface Operand {
  readonly values: ArrayLike<number>;
  readonly outer: number[];
  readonly isTransposed: boolean;
}

/**
 * Where the matrix of an operand with the outer sizes `own` starts, counted in matrices, for each matrix of the result
 * with the outer sizes `outer`.
 */
export function matrixPositions(own: number[], outer: number[]): number[] {
  let result = [0];
  const missing = outer.length - own.length;
  for (const [i, size] of outer.entries()) {
    const ownSize = i < missing ? 1 : own[i - missing]!;
    result = result.flatMap((position) =>
      Array.from({ length: size }, (_, j) => position * ownSize + (ownSize === 1 ? 0 : j)),
    );
  }
  return result;
}

/** Products of `(m, k)` and `(k, n)` matrices, one by one, into `result`: for what no fast kernel takes. */
export function plainProducts(
  result: Float32Array | Int32Array,
  a: Operand,
  b: Operand,
  outer: number[],
  [m, k, n]: readonly [number, number, number],
): void {
  const [rowOfA, columnOfA] = a.isTransposed ? [1, m] : [k, 1];
  const [rowOfB, columnOfB] = b.isTransposed ? [1, k] : [n, 1];
  const fromA = matrixPositions(a.outer, outer);
  const fromB = matrixPositions(b.outer, outer);
  let to = 0;
  for (const [i, matrix] of fromA.entries()) {
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++) {
        let sum = 0;
        for (let j = 0; j < k; j++) {
          const left = a.values[matrix * m * k + row * rowOfA + j * columnOfA]!;
          sum += left * b.values[fromB[i]! * k * n + j * rowOfB + column * columnOfB]!;
        }
        result[to++] = sum;
      }
    }
  }
}
