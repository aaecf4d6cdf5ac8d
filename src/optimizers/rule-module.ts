import type { Algebra } from "./algebra.js";
import {
  arrayAt,
  f32LeastNormal,
  f32One,
  firstVector,
  get,
  i32,
  load,
  loopModule,
  maxArrays,
  maxScalars,
  offsetLocal,
  op,
  scalarsAt,
  simd,
  unsigned,
  vector,
} from "./loop-module.js";

/** Four numbers of an array, or a scalar four times, by their place among the locals of the loop. */
export type Register = number;

/**
 * A module whose loop works on four numbers of each array at a time.
 * @param trace - Writes the loop: gets the registers of the arrays and scalars, returns what to store, by array number.
 */
export function ruleModule(
  nArrays: number,
  nScalars: number,
  trace: (algebra: Algebra<Register>, arrays: Register[], scalars: Register[]) => ReadonlyMap<number, Register>,
): Uint8Array {
  if (nArrays > maxArrays || nScalars > maxScalars) throw new RangeError("ruleModule: too many arrays or scalars.");
  const zero = firstVector; // nothing is ever written there
  const code: number[] = [];
  let nRegisters = 1;
  const put = (...bytes: number[]): Register => {
    const register = firstVector + nRegisters++;
    code.push(...bytes, op.set, ...unsigned(register));
    return register;
  };
  const one = put(...f32One, ...vector(simd.splat));
  const leastNormal = put(...f32LeastNormal, ...vector(simd.splat));
  const scalars = Array.from({ length: nScalars }, (_, i) =>
    put(i32.constant, 0, ...vector(simd.loadSplat), 2, ...unsigned(scalarsAt + 4 * i)),
  );
  const before = code.splice(0);
  const arrays = Array.from({ length: nArrays }, (_, i) => put(...load(i)));
  for (const [array, register] of trace(registerAlgebra(put, zero, one), arrays, scalars)) {
    const stored = put(...get(register), ...isNormal(register, leastNormal), ...vector(simd.and));
    code.push(op.get, offsetLocal, ...get(stored), ...vector(simd.store), 4, ...unsigned(arrayAt(array)));
  }
  return loopModule({ locals: nRegisters, before, body: code, step: 16, after: [], result: [] });
}

/**
 * All ones where a number has full precision. A smaller one is stored as 0: the mean of the gradients of a unit that has died
 * would halve its way down there and stay, and processors take a hundred times as long for such numbers.
 */
function isNormal(register: Register, least: Register): number[] {
  return [...get(register), ...vector(simd.abs), ...get(least), ...vector(simd.greater)];
}

type Binary = (a: Register, b: Register) => Register;

function registerAlgebra(put: (...bytes: number[]) => Register, zero: Register, one: Register): Algebra<Register> {
  const unary = (code: number) => (a: Register) => put(...get(a), ...vector(code));
  const binary =
    (code: number): Binary =>
    (a, b) =>
      put(...get(a), ...get(b), ...vector(code));
  const [less, greater, and, sub] = [binary(simd.less), binary(simd.greater), binary(simd.and), binary(simd.sub)];
  return {
    add: binary(simd.add),
    sub,
    mul: binary(simd.mul),
    div: binary(simd.div),
    max: binary(simd.max),
    min: binary(simd.min),
    abs: unary(simd.abs),
    sqrt: unary(simd.sqrt),
    sign: (a) => sub(and(greater(a, zero), one), and(less(a, zero), one)),
  };
}
