import { floats, loopOf } from "./loop-memory.js";
import {
  arrayAt,
  blockLength,
  f64Add,
  firstVector,
  get,
  load,
  loopModule,
  op,
  simd,
  type,
  unsigned,
  vector,
} from "./loop-module.js";

const at = arrayAt(0) / 4;
const atATime = 8;
const loop = loopOf(squaredSumModule());

/**
 * The sum of the squares in float64. No square of a float32 overflows there, so the sum is finite if and only if every
 * number is.
 */
export function squaredSum(values: Float32Array): number {
  let sum = 0;
  for (let start = 0; start < values.length; start += blockLength) {
    const count = Math.min(blockLength, values.length - start);
    floats.set(count === values.length ? values : values.subarray(start, start + count), at);
    for (let i = count; i % atATime !== 0; i++) floats[at + i] = 0;
    sum += loop(4 * count);
  }
  return sum;
}

/** Two pairs of float64 sums for each of two vectors, so that no addition waits for the one before. */
function squaredSumModule(): Uint8Array {
  const pairs = [0, 1, 2, 3].map((pair) => firstVector + pair);
  const doubles = firstVector + pairs.length;
  const highHalf = [...vector(simd.shuffle), 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
  const body = pairs.flatMap((sum, pair) => {
    const four = load(0, pair < 2 ? 0 : 16);
    const two = pair % 2 === 0 ? four : [...four, ...load(0, pair < 2 ? 0 : 16), ...highHalf];
    const square = [op.tee, ...unsigned(doubles), ...get(doubles), ...vector(simd.mulDoubles)];
    const added = [...get(sum), ...vector(simd.addDoubles), op.set, ...unsigned(sum)];
    return [...two, ...vector(simd.promoteLow), ...square, ...added];
  });
  const lanes = pairs.flatMap((sum) => [0, 1].map((lane) => [...get(sum), ...vector(simd.lane), lane]));
  const after = lanes.flatMap((lane, i) => (i === 0 ? lane : [...lane, f64Add]));
  return loopModule({ locals: pairs.length + 1, before: [], body, step: 4 * atATime, after, result: [type.f64] });
}
