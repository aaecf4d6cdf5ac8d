import { tf } from "../../engine/tf.js";
import { register } from "../own-layer.js";
import type { SameShape } from "../shapes.js";
import type { Mapped } from "../stock/stock-types.js";
import { type DropConfig, RandomDrop } from "./random-drop.js";

export interface AlphaDropoutConfig extends DropConfig {
  /** Sizes of the random tensor, batch axis included: 1 where one decision holds for all, `null` for the size of the input. */
  readonly noiseShape?: readonly (number | null)[] | null;
}

/** Of the activation `"selu"`. */
const alpha = 1.6732632423543772;
const scale = 1.0507009873554805;
const saturation = -alpha * scale;

/** {@link alphaDropout}. TensorFlow.js has one, which forgets its `noiseShape` when it is saved. */
export class AlphaDropout extends RandomDrop {
  static readonly className = "AlphaDropout";
  private readonly noiseShape: readonly (number | null)[] | null;

  constructor(config: AlphaDropoutConfig) {
    super(config);
    this.noiseShape = config.noiseShape ?? null;
  }

  protected override drop(x: tf.Tensor): tf.Tensor {
    const { rate, noiseShape } = this;
    const shape = x.shape.map((size, axis) => noiseShape?.[axis] ?? size);
    const kept = tf.cast(tf.greaterEqual(tf.randomUniform(shape), rate), "float32");
    const factor = ((1 - rate) * (1 + rate * saturation ** 2)) ** -0.5;
    const dropped = tf.add(tf.mul(x, kept), tf.mul(tf.sub(1, kept), saturation));
    return tf.sub(tf.mul(dropped, factor), factor * saturation * rate);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), noiseShape: this.noiseShape && [...this.noiseShape] };
  }
}
register(AlphaDropout);

/**
 * Dropout for networks of `activation: "selu"`: in training a value becomes, with probability `rate`, the lowest one that selu
 * gives, and all are scaled and shifted so that mean 0 and variance 1 stay. Any shape.
 *
 * Klambauer, Unterthiner, Mayr & Hochreiter, Self-normalizing neural networks (NeurIPS 2017).
 *
 * @throws OptionError unless `rate` is from 0 to below 1.
 */
export function alphaDropout(config: AlphaDropoutConfig): Mapped<SameShape> {
  return new AlphaDropout(config);
}
