import { checkNumber } from "../../core/check.js";
import { tf } from "../../engine/tf.js";
import { type LayerConfig, only, register } from "../own-layer.js";
import type { SameShape, Shaped } from "../shapes.js";

export interface EluConfig extends LayerConfig {
  /** What large negative values come near to, with a minus. @default 1 */
  readonly alpha?: number;
}

/** {@link elu}. That of TensorFlow.js takes no other alpha than 1. */
class ELU extends tf.layers.Layer {
  static readonly className = "ELU";
  private readonly alpha: number;

  constructor(config: EluConfig) {
    super(config);
    this.supportsMasking = true;
    this.alpha = checkNumber(this.name, "alpha", config.alpha ?? 1);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return inputShape as tf.Shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      const y = tf.elu(x);
      return this.alpha === 1 ? y : tf.where(tf.greater(x, 0), y, tf.mul(y, this.alpha));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), alpha: this.alpha };
  }
}
register(ELU);

/** `x` above 0, `alpha · (exp(x) - 1)` below it. Shapes stay. Clevert, Unterthiner & Hochreiter, ICLR 2016. */
export function elu(config: EluConfig = {}): tf.layers.Layer & Shaped<SameShape> {
  return new ELU(config);
}
