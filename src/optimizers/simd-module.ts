// The bytes of a WebAssembly module with one loop: https://webassembly.github.io/spec/core/binary
import type { Algebra } from "./algebra.js";

/** How many numbers of an array are in the memory of the loop at a time; so many of all arrays fit the cache. */
export const blockLength = 4096;
/** Where in the memory the scalars of a step lie, one float32 after another. */
export const scalarsAt = 0;
const maxScalars = 64;
export const maxArrays = 12;
export const pageBytes = 65536;
export const memoryPages = Math.ceil((arrayAt(maxArrays) + 16) / pageBytes);

/** Where in the memory the block of array number `index` begins. */
export function arrayAt(index: number): number {
  return scalarsAt + 4 * maxScalars + 4 * blockLength * index;
}

/** A number of the loop by its place among the locals; a v128, four float32. */
export type Register = number;

const [i32, v128] = [0x7f, 0x7b];
const op = { block: 0x40, loop: 0x03, brIf: 0x0d, end: 0x0b, get: 0x20, set: 0x21, tee: 0x22 };
const i32Const = 0x41;
const i32Add = 0x6a;
const i32LessThan = 0x49; // unsigned
const floatOne = [0x43, 0x00, 0x00, 0x80, 0x3f];
const simd = {
  ...{ load: 0x00, loadSplat: 0x09, store: 0x0b, splat: 0x13, less: 0x43, greater: 0x44, and: 0x4e, abs: 0xe0 },
  ...{ sqrt: 0xe3, add: 0xe4, sub: 0xe5, mul: 0xe6, div: 0xe7, min: 0xe8, max: 0xe9 },
};
const [endLocal, offsetLocal, zeroRegister, firstFree] = [0, 1, 2, 3];

/**
 * A module whose function `loop(bytes)` goes once over that many bytes of each array, 16 at a time.
 * @param trace - Writes the loop: gets the registers of the arrays and scalars, returns what to store, by array number.
 */
export function simdModule(
  nArrays: number,
  nScalars: number,
  trace: (algebra: Algebra<Register>, arrays: Register[], scalars: Register[]) => Map<number, Register>,
): Uint8Array {
  if (nArrays > maxArrays || nScalars > maxScalars) throw new RangeError("simdModule: too many arrays or scalars.");
  const code: number[] = [];
  let nextRegister = firstFree;
  const put = (...bytes: number[]): Register => {
    code.push(...bytes, op.set, ...unsigned(nextRegister));
    return nextRegister++;
  };
  const one = put(...floatOne, ...vector(simd.splat));
  const scalars = Array.from({ length: nScalars }, (_, i) =>
    put(i32Const, 0, ...vector(simd.loadSplat), 2, ...unsigned(scalarsAt + 4 * i)),
  );
  code.push(op.loop, op.block);
  const arrays = Array.from({ length: nArrays }, (_, i) =>
    put(op.get, offsetLocal, ...vector(simd.load), 4, ...unsigned(arrayAt(i))),
  );
  for (const [array, register] of trace(registerAlgebra(put, one), arrays, scalars)) {
    code.push(op.get, offsetLocal, ...get(register), ...vector(simd.store), 4, ...unsigned(arrayAt(array)));
  }
  code.push(op.get, offsetLocal, i32Const, 16, i32Add, op.tee, offsetLocal, op.get, endLocal, i32LessThan, op.brIf, 0);
  code.push(op.end, op.end);
  const locals = list([
    [1, i32],
    [...unsigned(nextRegister - zeroRegister), v128],
  ]);
  const body = [...locals, ...code];
  return new Uint8Array([
    ...[0, ...ascii("asm"), 1, 0, 0, 0],
    ...section(1, list([[0x60, 1, i32, 0]])), // the type (i32) -> ()
    ...section(2, list([[...name("etude"), ...name("memory"), 2, 0, ...unsigned(memoryPages)]])),
    ...section(3, list([[0]])),
    ...section(7, list([[...name("loop"), 0, 0]])),
    ...section(10, list([[...unsigned(body.length), ...body]])),
  ]);
}

function registerAlgebra(put: (...bytes: number[]) => Register, one: Register): Algebra<Register> {
  const unary = (code: number) => (a: Register) => put(...get(a), ...vector(code));
  const binary = (code: number) => (a: Register, b: Register) => put(...get(a), ...get(b), ...vector(code));
  const [less, greater, and, sub] = [simd.less, simd.greater, simd.and, simd.sub].map(binary) as [Op, Op, Op, Op];
  return {
    add: binary(simd.add),
    sub,
    mul: binary(simd.mul),
    div: binary(simd.div),
    max: binary(simd.max),
    min: binary(simd.min),
    abs: unary(simd.abs),
    sqrt: unary(simd.sqrt),
    sign: (a) => sub(and(greater(a, zeroRegister), one), and(less(a, zeroRegister), one)),
  };
}

type Op = (a: Register, b: Register) => Register;

function get(register: Register): number[] {
  return [op.get, ...unsigned(register)];
}

function vector(code: number): number[] {
  return [0xfd, ...unsigned(code)];
}

function section(id: number, content: number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function list(items: number[][]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function name(text: string): number[] {
  return [...unsigned(text.length), ...ascii(text)];
}

function ascii(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}

/** An integer in LEB128, seven bits a byte. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
