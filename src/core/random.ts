import { xoroshiro128plus, xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { zigguratNormal } from "./ziggurat.js";

/** What a seed is used for; each purpose draws from a stream of its own, so adding a draw in one moves no other. */
export type RandomPurpose = "init" | "shuffle" | "dropout" | "augment" | "split" | "sampler" | "data";

/**
 * A seeded stream of random numbers, apart from the user's `Math.random`.
 *
 * The generator is xoroshiro128+ (Blackman & Vigna, ACM TOMS 47, 2021).
 *
 * @example
 * const random = RandomStream.of(7, "shuffle");
 * random.permutation(5); // the same order in every process
 */
export class RandomStream {
  private constructor(private generator: ReturnType<typeof xoroshiro128plus>) {}

  /**
   * @param seed - Any integer.
   * @param purpose - Streams of one seed with different purposes are independent.
   */
  static of(seed: number, purpose: RandomPurpose | (string & {})): RandomStream {
    return new RandomStream(xoroshiro128plus(hash(`${seed}/${purpose}`)));
  }

  /** Continues from what {@link state} returned. */
  static from(state: readonly number[]): RandomStream {
    return new RandomStream(xoroshiro128plusFromState(state));
  }

  /** Four integers that say where the stream stands. */
  state(): readonly number[] {
    return this.generator.getState();
  }

  /** Goes on from what {@link state} returned, also for those who hold this stream already. */
  restore(state: readonly number[]): void {
    this.generator = xoroshiro128plusFromState(state);
  }

  /** A number from 0 (included) to 1 (excluded), with 53 random bits. */
  uniform(): number {
    return ((this.generator.next() >>> 5) * 67108864 + (this.generator.next() >>> 6)) / 9007199254740992;
  }

  /** An integer from 0 (included) to `below` (excluded). */
  integer(below: number): number {
    return Math.floor(this.uniform() * below);
  }

  /** A draw from the standard normal distribution (Box & Muller, Ann. Math. Stat. 29, 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Fills `array` with numbers from 0 (included) to 1 (excluded): multiples of 2^-24, of which float32 rounds none up to 1. */
  fillUniform(array: Float32Array): void {
    const { generator } = this;
    for (let i = 0; i < array.length; i++) array[i] = (generator.next() >>> 8) * 2 ** -24;
  }

  /**
   * Fills `array` with draws from the standard normal distribution, by the ziggurat method of Doornik (2005): seven times as
   * fast as {@link normal}, and like it without memory of a draw before, so that {@link state} is all there is to save.
   */
  fillNormal(array: Float32Array): void {
    const { generator } = this;
    for (let i = 0; i < array.length; i++) array[i] = zigguratNormal(generator);
  }

  /** Shuffles `items` in place (Fisher & Yates) and returns them. */
  shuffle<T extends { [index: number]: unknown; readonly length: number }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = items[i];
      items[i] = items[j];
      items[j] = kept;
    }
    return items;
  }

  /** The numbers 0 to n - 1 in random order. */
  permutation(n: number): Int32Array {
    return this.shuffle(Int32Array.from({ length: n }, (_, i) => i));
  }
}

/** 32-bit FNV-1a with a final avalanche, so that near seeds give far streams. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
