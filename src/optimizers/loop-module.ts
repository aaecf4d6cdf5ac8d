// The binary format of WebAssembly: https://webassembly.github.io/spec/core/binary

/** What a loop of four float32 at a time needs; v128 is their type. */
export const type = { i32: 0x7f, f64: 0x7c, v128: 0x7b };
export const op = { block: 0x40, loop: 0x03, brIf: 0x0d, end: 0x0b, get: 0x20, set: 0x21, tee: 0x22 };
export const i32 = { constant: 0x41, lessThan: 0x49, add: 0x6a };
export const f32One = [0x43, 0x00, 0x00, 0x80, 0x3f];
export const f32LeastNormal = [0x43, 0x00, 0x00, 0x80, 0x00];
export const f64Add = 0xa0;
export const simd = {
  ...{ load: 0x00, loadSplat: 0x09, store: 0x0b, shuffle: 0x0d, splat: 0x13, lane: 0x21, less: 0x43, greater: 0x44 },
  ...{ and: 0x4e, promoteLow: 0x5f, abs: 0xe0, sqrt: 0xe3, add: 0xe4, sub: 0xe5, mul: 0xe6, div: 0xe7 },
  ...{ min: 0xe8, max: 0xe9, addDoubles: 0xf0, mulDoubles: 0xf2 },
};

/** How many numbers of an array are in the memory at a time; so many of all arrays fit the cache. */
export const blockLength = 4096;
/** Where in the memory the scalars of a step lie, one float32 after another. */
export const scalarsAt = 0;
export const maxScalars = 64;
export const maxArrays = 12;
export const pageBytes = 65536;
export const memoryPages = Math.ceil((arrayAt(maxArrays) + 32) / pageBytes);

/** Where in the memory the block of array number `index` begins. */
export function arrayAt(index: number): number {
  return scalarsAt + 4 * maxScalars + 4 * blockLength * index;
}

/**
 * A module with one function `loop(bytes)`, which goes over so many bytes of each array.
 * @param locals - How many v128 there are, from local 2 on; local 0 is `bytes`, local 1 the offset.
 * @param body - One round of the loop.
 * @param step - The bytes of a round; the last one may pass the end.
 * @param after - Leaves the result on the stack, if there is a `result` type.
 */
export function loopModule(parts: {
  readonly locals: number;
  readonly before: readonly number[];
  readonly body: readonly number[];
  readonly step: number;
  readonly after: readonly number[];
  readonly result: readonly number[];
}): Uint8Array {
  const next = [op.get, offsetLocal, i32.constant, ...unsigned(parts.step), i32.add, op.tee, offsetLocal];
  const again = [op.get, endLocal, i32.lessThan, op.brIf, 0];
  const loop = [op.loop, op.block, ...parts.body, ...next, ...again, op.end];
  const locals = list([
    [1, type.i32],
    [...unsigned(parts.locals), type.v128],
  ]);
  const code = [...locals, ...parts.before, ...loop, ...parts.after, op.end];
  return new Uint8Array([
    ...[0, ...ascii("asm"), 1, 0, 0, 0],
    ...section(1, list([[0x60, 1, type.i32, ...list(parts.result.map((kind) => [kind]))]])),
    ...section(2, list([[...name("etude"), ...name("memory"), 2, 0, ...unsigned(memoryPages)]])),
    ...section(3, list([[0]])),
    ...section(7, list([[...name("loop"), 0, 0]])),
    ...section(10, list([[...unsigned(code.length), ...code]])),
  ]);
}

export const [endLocal, offsetLocal, firstVector] = [0, 1, 2] as const;

/** Four numbers of an array, `further` bytes after the offset. */
export function load(array: number, further = 0): number[] {
  return [op.get, offsetLocal, ...vector(simd.load), 4, ...unsigned(arrayAt(array) + further)];
}

export function get(local: number): number[] {
  return [op.get, ...unsigned(local)];
}

export function vector(code: number): number[] {
  return [0xfd, ...unsigned(code)];
}

/** An integer in LEB128, seven bits a byte. */
export function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
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
