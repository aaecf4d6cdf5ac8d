import { tf } from "../../engine/tf.js";
import { type LayerConfig, only, register } from "../own-layer.js";
import type { SameShape, Shaped } from "../shapes.js";
import { type Axes, checkAxes, resolvedAxes } from "./axes.js";

/** Below this a row counts as 0 and stays nearly so. */
const leastNorm = 1e-12;

export interface UnitNormalizationOptions extends LayerConfig {
  /** What has the length 1 together. @default -1 */
  readonly axis?: Axes;
}

/** {@link unitNormalization}. */
export class UnitNormalization extends tf.layers.Layer {
  static readonly className = "UnitNormalization";
  private readonly axis: Axes;
  private axes: number[] = [];

  constructor(config: UnitNormalizationOptions = {}) {
    super(config);
    this.axis = checkAxes(this.name, config.axis ?? -1);
    this.supportsMasking = true;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    this.axes = resolvedAxes(this, this.axis, inputShape as tf.Shape);
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      // The maximum before the root, so that a row of zeros has gradients that are numbers.
      const squares = tf.maximum(tf.sum(tf.square(x), this.axes, true), leastNorm ** 2);
      return tf.mul(x, tf.rsqrt(squares));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.axis as number | number[] };
  }
}
register(UnitNormalization);

/**
 * Divides each row by its Euclidean length along `axis`; a row of zeros stays. Shapes stay; no weights.
 * @throws ShapeError if the input lacks an axis.
 */
export function unitNormalization(options: UnitNormalizationOptions = {}): tf.layers.Layer & Shaped<SameShape> {
  return new UnitNormalization(options);
}
