import { memoryPages, pageBytes } from "./loop-module.js";

export type Loop = (bytes: number) => number;

// TypeScript has these types in the browser's library only.
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: { readonly loop: Loop } };
};

/** One memory for all loops: a run copies its blocks in and out, and no two runs overlap. */
const memory = new WebAssembly.Memory({ initial: memoryPages });
export const floats = new Float32Array(memory.buffer, 0, (memoryPages * pageBytes) / 4);

/** By their bytes: the hundred optimizers of a search share one loop, and it stays fast. */
const compiled = new Map<string, Loop>();

/** The loop of a module, working on {@link floats}. */
export function loopOf(bytes: Uint8Array): Loop {
  const key = Buffer.from(bytes).toString("latin1");
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const { loop } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { etude: { memory } }).exports;
  compiled.set(key, loop);
  return loop;
}
