import { checkOneOf } from "../../core/check.js";
import { tf } from "../../engine/tf.js";
import { checkRank, register } from "../own-layer.js";
import type { SameShape } from "../shapes.js";
import type { Mapped } from "../stock/stock-types.js";
import { type DropConfig, RandomDrop } from "./random-drop.js";

type DataFormat = "channelsFirst" | "channelsLast";

export interface SpatialDropoutConfig extends DropConfig {
  /** Whether channels are the axis after that of the batch, or the last one. @default "channelsLast" */
  readonly dataFormat?: DataFormat;
}

abstract class SpatialDropout extends RandomDrop {
  private readonly dataFormat: DataFormat;

  constructor(config: SpatialDropoutConfig) {
    super(config);
    const format = config.dataFormat ?? "channelsLast";
    this.dataFormat = checkOneOf(this.name, "dataFormat", format, ["channelsLast", "channelsFirst"]);
  }

  protected abstract readonly places: readonly string[];

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = inputShape as tf.Shape;
    const isFirst = this.dataFormat === "channelsFirst";
    const axes = isFirst ? ["channels", ...this.places] : [...this.places, "channels"];
    checkRank(this, shape, [axes.length + 1], `(n, ${axes.join(", ")})`);
    return shape;
  }

  protected override drop(x: tf.Tensor): tf.Tensor {
    const channels = this.dataFormat === "channelsFirst" ? 1 : x.rank - 1;
    const oneForAllPlaces = x.shape.map((size, axis) => (axis === 0 || axis === channels ? size : 1));
    return tf.dropout(x, this.rate, oneForAllPlaces);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), dataFormat: this.dataFormat };
  }
}

/** {@link spatialDropout2d}. */
export class SpatialDropout2D extends SpatialDropout {
  static readonly className = "SpatialDropout2D";
  protected override readonly places = ["height", "width"];
}
register(SpatialDropout2D);

/** {@link spatialDropout3d}. */
export class SpatialDropout3D extends SpatialDropout {
  static readonly className = "SpatialDropout3D";
  protected override readonly places = ["depth", "height", "width"];
}
register(SpatialDropout3D);

/**
 * Drops whole channels of images `(n, height, width, channels)` in training, each with probability `rate`, and divides the others
 * by `1 - rate`: neighbouring pixels say so much the same that dropping single ones hides nothing.
 *
 * Tompson, Goroshin, Jain, LeCun & Bregler, Efficient object localization using convolutional networks (CVPR 2015).
 *
 * @throws OptionError unless `rate` is from 0 to below 1.
 * @throws ShapeError for rows of another rank.
 */
export function spatialDropout2d(config: SpatialDropoutConfig): Mapped<SameShape> {
  return new SpatialDropout2D(config);
}

/** {@link spatialDropout2d} of volumes `(n, depth, height, width, channels)`. */
export function spatialDropout3d(config: SpatialDropoutConfig): Mapped<SameShape> {
  return new SpatialDropout3D(config);
}
