import { tf } from "../../engine/tf.js";
import { type LayerConfig, only, register } from "../own-layer.js";
import { type L1L2Options, regularizers } from "../regularizers/regularizers.js";
import type { SameShape } from "../shapes.js";
import type { Mapped } from "../stock/stock-types.js";

type ActivityRegularizationConfig = LayerConfig & L1L2Options;

/** {@link activityRegularization}. */
class ActivityRegularization extends tf.layers.Layer {
  static readonly className = "ActivityRegularization";
  private readonly factors: Required<L1L2Options>;

  constructor({ l1 = 0, l2 = 0, ...config }: ActivityRegularizationConfig = {}) {
    super(config);
    this.supportsMasking = true;
    this.factors = { l1, l2 };
    this.activityRegularizer = regularizers.l1l2(this.factors);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.clone(only(inputs));
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.factors };
  }
}
register(ActivityRegularization);

/**
 * Passes on what it gets and adds to the loss what that costs: `l1 * sum(|x|) + l2 * sum(x^2)`, a mean over the rows of the batch.
 * Any shape. An `activityRegularizer` of a dense, convolutional or embedding layer does the same with its outputs.
 *
 * @throws OptionError unless both are 0 or more. @default 0 each
 *
 * @example
 * x.pipe(layers.dense({ units: 64, activation: "relu" }), layers.activityRegularization({ l1: 1e-4 }));
 */
export function activityRegularization(config?: ActivityRegularizationConfig): Mapped<SameShape> {
  return new ActivityRegularization(config);
}
