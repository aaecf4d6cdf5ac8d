import { checkNumber, show } from "./check.js";
import { DataError } from "./errors.js";
import { type RandomPurpose, RandomStream } from "./random.js";

/**
 * The random streams of one seed, a stream for each purpose. A run that draws all it needs from here can be continued:
 * {@link state} says where every stream stands, and {@link from} goes on from there, bit for bit.
 *
 * @example
 * const random = new RandomStreams(7);
 * random.stream("dropout").fillUniform(mask);
 * const later = RandomStreams.from(7, random.state());
 */
export class RandomStreams {
  private readonly streams = new Map<string, RandomStream>();

  /** @param seed - Any integer. */
  constructor(readonly seed: number) {
    checkNumber("RandomStreams", "seed", seed, { integer: true });
  }

  /** Continues from what {@link state} returned; streams that it does not name begin at their beginning. */
  static from(seed: number, state: Readonly<Record<string, readonly number[]>>): RandomStreams {
    const restored = new RandomStreams(seed);
    for (const [purpose, numbers] of Object.entries(state)) {
      checkState(purpose, numbers);
      restored.streams.set(purpose, RandomStream.from(numbers));
    }
    return restored;
  }

  /** The stream of `purpose`, the same object at every call. */
  stream(purpose: RandomPurpose | (string & {})): RandomStream {
    const stream = this.streams.get(purpose) ?? RandomStream.of(this.seed, purpose);
    this.streams.set(purpose, stream);
    return stream;
  }

  /** Where each stream that was asked for stands: plain JSON. */
  state(): Record<string, number[]> {
    return Object.fromEntries([...this.streams].map(([purpose, stream]) => [purpose, [...stream.state()]]));
  }
}

function checkState(purpose: string, numbers: readonly number[]): void {
  const isState =
    Array.isArray(numbers) && numbers.length === 4 && numbers.every((n) => Number.isInteger(n) && (n | 0) === n);
  if (isState && numbers.some((n) => n !== 0)) return;
  throw new DataError(
    `RandomStreams.from: the state of ${JSON.stringify(purpose)} must be four 32-bit integers, not all 0, got ${show(numbers)}. Pass what state() returned.`,
  );
}
