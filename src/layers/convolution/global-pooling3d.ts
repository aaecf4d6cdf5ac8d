import { checkOneOf } from "../../core/check.js";
import { tf } from "../../engine/tf.js";
import { checkRank, type LayerConfig, only, register } from "../own-layer.js";

type DataFormat = "channelsFirst" | "channelsLast";

export interface GlobalPooling3dConfig extends LayerConfig {
  /** Whether channels are the axis after that of the batch, or the last one. @default "channelsLast" */
  readonly dataFormat?: DataFormat;
  /** The axes that are pooled stay, of size 1. @default false */
  readonly keepDims?: boolean;
}

abstract class GlobalPooling3D extends tf.layers.Layer {
  private readonly dataFormat: DataFormat;
  private readonly keepDims: boolean;

  constructor(config: GlobalPooling3dConfig) {
    super(config);
    const format = config.dataFormat ?? "channelsLast";
    this.dataFormat = checkOneOf(this.name, "dataFormat", format, ["channelsLast", "channelsFirst"]);
    this.keepDims = config.keepDims ?? false;
  }

  private get places(): number[] {
    return this.dataFormat === "channelsFirst" ? [2, 3, 4] : [1, 2, 3];
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = inputShape as tf.Shape;
    const places = "depth, height, width";
    const axes = this.dataFormat === "channelsFirst" ? `channels, ${places}` : `${places}, channels`;
    checkRank(this, shape, [5], `(n, ${axes})`);
    if (this.keepDims) return shape.map((size, axis) => (this.places.includes(axis) ? 1 : size));
    return shape.filter((_, axis) => !this.places.includes(axis));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => this.pool(only(inputs), this.places, this.keepDims));
  }

  protected abstract pool(x: tf.Tensor, axes: number[], keepDims: boolean): tf.Tensor;

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), dataFormat: this.dataFormat, keepDims: this.keepDims };
  }
}

class GlobalAveragePooling3D extends GlobalPooling3D {
  static readonly className = "GlobalAveragePooling3D";

  protected override pool(x: tf.Tensor, axes: number[], keepDims: boolean): tf.Tensor {
    return tf.mean(x, axes, keepDims);
  }
}
register(GlobalAveragePooling3D);

class GlobalMaxPooling3D extends GlobalPooling3D {
  static readonly className = "GlobalMaxPooling3D";

  protected override pool(x: tf.Tensor, axes: number[], keepDims: boolean): tf.Tensor {
    return tf.max(x, axes, keepDims);
  }
}
register(GlobalMaxPooling3D);

/**
 * The mean of each channel over all places: volumes `(n, depth, height, width, channels)` become `(n, channels)`.
 * @throws ShapeError for rows of another rank.
 */
export function globalAveragePooling3d(config: GlobalPooling3dConfig = {}): tf.layers.Layer {
  return new GlobalAveragePooling3D(config);
}

/** The largest value of each channel: as {@link globalAveragePooling3d}. */
export function globalMaxPooling3d(config: GlobalPooling3dConfig = {}): tf.layers.Layer {
  return new GlobalMaxPooling3D(config);
}
