import { checkNumber } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { RandomStream } from "../../core/random.js";
import { drawFrom } from "../../engine/random-tensors.js";
import { tf } from "../../engine/tf.js";
import { earlierDraws } from "./seeded.js";

/** What gives a layer its first weights. */
export type Initializer = ReturnType<typeof tf.initializers.zeros>;

/** TensorFlow.js asks whether an initializer is one of this class, and does not export it. */
export const InitializerClass: (abstract new () => Initializer) &
  Pick<typeof tf.serialization.Serializable, "fromConfig"> = Object.getPrototypeOf(tf.initializers.zeros().constructor);

export interface SeedOptions {
  /**
   * Any integer, 0 too. One initializer that several layers share gives each of them other numbers, and so do several
   * initializers with one seed within {@link seeded}. Without a seed the numbers come from the stream of {@link seeded}.
   */
  readonly seed?: number | null;
}

/** An initializer that draws: from the stream of its seed, or from the one that the model is built with. */
export abstract class RandomInitializer extends InitializerClass {
  readonly seed: number | null;
  private draws = 0;

  constructor(where: string, { seed = null }: SeedOptions) {
    super();
    this.seed = seed === null ? null : checkNumber(where, "seed", seed, { integer: true });
  }

  override apply(shape: tf.Shape, dtype: tf.DataType = "float32"): tf.Tensor {
    if (dtype !== "float32") throw new OptionError(`${this.getClassName()}: weights must be float32, got ${dtype}.`);
    const sizes = shape as number[];
    if (this.seed === null) return this.sample(sizes);
    const earlier = earlierDraws(this.seed) ?? this.draws++;
    return drawFrom(RandomStream.of(this.seed, `init/${earlier}`), () => this.sample(sizes));
  }

  /** Draws through the functions of `tf`, which know where from. */
  protected abstract sample(shape: number[]): tf.Tensor;
}
