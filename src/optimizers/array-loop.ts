import type { FullRule } from "./full-rule.js";
import { floats, type Loop, loopOf } from "./loop-memory.js";
import { arrayAt, blockLength, maxArrays, scalarsAt } from "./loop-module.js";
import { type Register, ruleModule } from "./rule-module.js";

/** The beginnings of the blocks, by length: a view costs more than the step of a small variable. */
const views = new Map<number, readonly Float32Array[]>();

/**
 * A rule as one loop over float32 arrays. Compiled to WebAssembly, because V8 makes no vector instructions of JavaScript:
 * Adam on 500,000 weights takes 0.4 ms, and 1.5 ms in a JavaScript loop.
 */
export class ArrayLoop {
  private readonly loop: Loop;
  private readonly isChanged: boolean[];
  private readonly slotNames: readonly string[];

  /** @param scalars - The names of the numbers, in the order in which `setScalars` gets them. */
  constructor(rule: FullRule, scalars: readonly string[]) {
    this.slotNames = Object.keys(rule.slots);
    const names = ["weight", "gradient", ...this.slotNames];
    const changed = new Map<number, Register>();
    const bytes = ruleModule(names.length, scalars.length, (algebra, arrays, numbers) => {
      const after = rule.update(algebra, named(names, arrays), named(scalars, numbers));
      for (const [name, register] of Object.entries(after)) changed.set(names.indexOf(name), register);
      return changed;
    });
    this.isChanged = names.map((_, i) => changed.has(i));
    this.loop = loopOf(bytes);
  }

  /** Sets the numbers of the runs that follow, in the order of their names, from the one at `place` on. */
  setScalars(values: readonly number[], place = 0): void {
    for (let i = 0; i < values.length; i++) floats[scalarsAt / 4 + place + i] = values[i]!;
  }

  /**
   * One step: reads `weight`, `gradient` and `slots`, writes `out` and `slots`.
   * @param out - May be `weight` itself.
   */
  run(
    weight: Float32Array,
    gradient: Float32Array,
    slots: Readonly<Record<string, Float32Array>>,
    out: Float32Array,
  ): void {
    const { length } = weight;
    const arrays = [weight, gradient];
    for (const name of this.slotNames) arrays.push(slots[name]!);
    for (let start = 0; start < length; start += blockLength) {
      const count = Math.min(blockLength, length - start);
      const blocks = blocksOf(count);
      const parts = count === length ? arrays : arrays.map((array) => array.subarray(start, start + count));
      for (let i = 0; i < parts.length; i++) floats.set(parts[i]!, arrayAt(i) / 4);
      this.loop(4 * count);
      (count === length ? out : out.subarray(start, start + count)).set(blocks[0]!);
      for (let i = 1; i < parts.length; i++) if (this.isChanged[i]) parts[i]!.set(blocks[i]!);
    }
  }
}

/** The first `count` numbers of each array in the memory. */
function blocksOf(count: number): readonly Float32Array[] {
  const known = views.get(count);
  if (known !== undefined) return known;
  if (views.size > 1000) views.clear();
  const made = Array.from({ length: maxArrays }, (_, i) => floats.subarray(arrayAt(i) / 4, arrayAt(i) / 4 + count));
  views.set(count, made);
  return made;
}

function named<T>(names: readonly string[], values: readonly T[]): Record<string, T> {
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
}
