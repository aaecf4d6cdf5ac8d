import { checkNumber } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { register } from "../own-layer.js";
import { RandomInitializer, type SeedOptions } from "./initializer.js";

export interface NormalOptions extends SeedOptions {
  /** @default 0 */
  readonly mean?: number;
  /** Standard deviation, from 0. @default 0.05 */
  readonly stddev?: number;
}

export interface UniformOptions extends SeedOptions {
  /** @default -0.05 */
  readonly minval?: number;
  /** Not below `minval`. @default 0.05 */
  readonly maxval?: number;
}

/** Normally distributed numbers. */
export class RandomNormal extends RandomInitializer {
  static readonly className: string = "SeededRandomNormal";
  protected readonly mean: number;
  protected readonly stddev: number;

  constructor(options: NormalOptions = {}, where = "randomNormal") {
    super(where, options);
    this.mean = checkNumber(where, "mean", options.mean ?? 0);
    this.stddev = checkNumber(where, "stddev", options.stddev ?? 0.05, { atLeast: 0 });
  }

  protected sample(shape: number[]): tf.Tensor {
    return tf.randomNormal(shape, this.mean, this.stddev);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { mean: this.mean, stddev: this.stddev, seed: this.seed };
  }
}
register(RandomNormal);

/** The same with what lies two standard deviations from the mean drawn again, which makes the spread 0.88 of `stddev`. */
export class TruncatedNormal extends RandomNormal {
  static override readonly className: string = "SeededTruncatedNormal";

  constructor(options: NormalOptions = {}) {
    super(options, "truncatedNormal");
  }

  protected override sample(shape: number[]): tf.Tensor {
    return tf.truncatedNormal(shape, this.mean, this.stddev);
  }
}
register(TruncatedNormal);

/** Numbers from `minval` (included) to `maxval` (excluded), all equally likely. */
export class RandomUniform extends RandomInitializer {
  static readonly className: string = "SeededRandomUniform";
  private readonly minval: number;
  private readonly maxval: number;

  constructor(options: UniformOptions = {}) {
    super("randomUniform", options);
    this.minval = checkNumber("randomUniform", "minval", options.minval ?? -0.05);
    this.maxval = checkNumber("randomUniform", "maxval", options.maxval ?? 0.05);
    if (this.minval <= this.maxval) return;
    throw new OptionError(`randomUniform: minval must not be above maxval (${this.maxval}), got ${this.minval}.`);
  }

  protected sample(shape: number[]): tf.Tensor {
    return tf.randomUniform(shape, this.minval, this.maxval);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { minval: this.minval, maxval: this.maxval, seed: this.seed };
  }
}
register(RandomUniform);
