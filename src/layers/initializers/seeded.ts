import { checkNumber } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { RandomStream } from "../../core/random.js";
import { drawFrom } from "../../engine/random-tensors.js";

/** How often an initializer with a seed of its own has drawn within {@link seeded}, by seed. */
let draws: Map<number, number> | null = null;

/**
 * Gives the layers that `work` builds their first weights from one seed: the same seed gives the same weights, bit for bit,
 * and no two layers the same ones. An initializer with a seed of its own keeps to that.
 *
 * A layer has weights from the moment that it is applied: a `tf.sequential` without an `inputShape` is built later than here.
 *
 * @param seed - Any integer.
 * @throws OptionError if `work` is asynchronous: what it builds after its first `await` would not be seeded.
 *
 * @example
 * const model = seeded(7, () => tf.sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })] }));
 */
export function seeded<T>(seed: number, work: () => T): T {
  checkNumber("seeded", "seed", seed, { integer: true });
  const outer = draws;
  draws = new Map();
  try {
    const result = drawFrom(RandomStream.of(seed, "init"), work);
    if (!(result instanceof Promise)) return result;
    result.catch(() => {}); // its rejection would come after this error
    throw new OptionError("seeded: work must build its layers without await, got an async function. Await before it.");
  } finally {
    draws = outer;
  }
}

/** Counts a draw with the seed of an initializer: how many came before it within {@link seeded}, `null` outside. */
export function earlierDraws(seed: number): number | null {
  if (draws === null) return null;
  const earlier = draws.get(seed) ?? 0;
  draws.set(seed, earlier + 1);
  return earlier;
}
