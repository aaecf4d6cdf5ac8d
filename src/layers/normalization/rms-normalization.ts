import { checkNumber } from "../../core/check.js";
import { tf } from "../../engine/tf.js";
import { type LayerConfig, only, register } from "../own-layer.js";
import type { SameShape, Shaped } from "../shapes.js";
import { type Axes, broadcastShape, checkAxes, resolvedAxes } from "./axes.js";

export interface RmsNormalizationOptions extends LayerConfig {
  /** What is normalised together, and has a scale for each of its values. @default -1 */
  readonly axis?: Axes;
  /** Added to the mean square, above 0. @default 1e-6 */
  readonly epsilon?: number;
}

/** {@link rmsNormalization}. */
export class RmsNormalization extends tf.layers.Layer {
  static readonly className = "RMSNormalization";
  private readonly axis: Axes;
  private readonly epsilon: number;
  private axes: number[] = [];
  private scale!: ReturnType<tf.layers.Layer["addWeight"]>;

  constructor(config: RmsNormalizationOptions = {}) {
    super(config);
    this.axis = checkAxes(this.name, config.axis ?? -1);
    this.epsilon = checkNumber(this.name, "epsilon", config.epsilon ?? 1e-6, { above: 0 });
    this.supportsMasking = true;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = inputShape as tf.Shape;
    this.axes = resolvedAxes(this, this.axis, shape);
    const sizes = this.axes.map((axis) => shape[axis]!);
    this.scale = this.addWeight("scale", sizes, "float32", tf.initializers.ones());
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      const squares = tf.mean(tf.square(x), this.axes, true);
      const scale = tf.reshape(this.scale.read(), broadcastShape(x.shape, this.axes));
      return tf.mul(tf.mul(x, tf.rsqrt(tf.add(squares, this.epsilon))), scale);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.axis as number | number[], epsilon: this.epsilon };
  }
}
register(RmsNormalization);

/**
 * Divides each row by the root of its mean square along `axis` and scales it: layer normalisation without the mean. Shapes
 * stay. Zhang & Sennrich, NeurIPS 2019.
 * @throws ShapeError if the input lacks an axis, or the size of one is open.
 *
 * @example
 * build([16, 32], (x) => x.pipe(layers.rmsNormalization(), layers.dense({ units: 8 })));
 */
export function rmsNormalization(options: RmsNormalizationOptions = {}): tf.layers.Layer & Shaped<SameShape> {
  return new RmsNormalization(options);
}
