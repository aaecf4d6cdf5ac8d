import { checkNumber, checkOneOf, show } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { type LayerConfig, only, register } from "../own-layer.js";
import type { OtherPlaces1d } from "../stock/stock-shapes.js";
import type { Mapped } from "../stock/stock-types.js";

type DataFormat = "channelsFirst" | "channelsLast";

export interface UpSampling1dConfig extends LayerConfig {
  /** How often each step comes. @default 2 */
  readonly size?: number;
}

export interface UpSampling3dConfig extends LayerConfig {
  /** How often each place comes along every axis, or along depth, height and width. @default 2 */
  readonly size?: number | readonly [number, number, number];
  /** Whether channels are the axis after that of the batch, or the last one. @default "channelsLast" */
  readonly dataFormat?: DataFormat;
}

abstract class UpSampling extends tf.layers.Layer {
  private readonly size: readonly number[];
  private readonly dataFormat: DataFormat;

  constructor(nPlaces: 1 | 3, config: UpSampling3dConfig) {
    super(config);
    const format = config.dataFormat ?? "channelsLast";
    this.dataFormat = checkOneOf(this.name, "dataFormat", format, ["channelsLast", "channelsFirst"]);
    const { size = 2 } = config;
    this.size = Array.isArray(size) ? size : Array(nPlaces).fill(size);
    if (this.size.length !== nPlaces) {
      const each = nPlaces === 1 ? "" : `, or ${nPlaces} of them`;
      throw new OptionError(`${this.name}: size must be a number${each}, got ${show(size)}.`);
    }
    for (const times of this.size) checkNumber(this.name, "size", times, { integer: true, atLeast: 1 });
  }

  /** How often what lies along each axis comes. */
  private times(): number[] {
    return this.dataFormat === "channelsFirst" ? [1, 1, ...this.size] : [1, ...this.size, 1];
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const times = this.times();
    return (inputShape as tf.Shape).map((size, i) => size && size * times[i]!);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => this.times().reduce((x, times, axis) => repeated(x, times, axis), only(inputs)));
  }

  override getConfig(): tf.serialization.ConfigDict {
    const size = this.size.length === 1 ? this.size[0]! : [...this.size];
    return { ...super.getConfig(), size, dataFormat: this.dataFormat };
  }
}

function repeated(x: tf.Tensor, times: number, axis: number): tf.Tensor {
  if (times === 1) return x;
  const { shape } = x;
  const each = tf.reshape(x, [-1, shape[axis]!, 1, shape.slice(axis + 1).reduce((a, b) => a * b, 1)]);
  const sizes = shape.map((size, i) => (i === axis ? size * times : size));
  return tf.reshape(tf.tile(each, [1, 1, times, 1]), sizes);
}

class UpSampling1D extends UpSampling {
  static readonly className = "UpSampling1D";
  constructor(config: UpSampling1dConfig) {
    super(1, config as UpSampling3dConfig);
  }
}
register(UpSampling1D);

class UpSampling3D extends UpSampling {
  static readonly className = "UpSampling3D";
  constructor(config: UpSampling3dConfig) {
    super(3, config);
  }
}
register(UpSampling3D);

/** Each step `size` times, twice by default: `(n, steps, channels)` becomes `(n, size * steps, channels)`. */
export function upSampling1d(config: UpSampling1dConfig = {}): Mapped<OtherPlaces1d<"kept", "upSampling1d">> {
  return new UpSampling1D(config);
}

/** Each place of volumes `(n, depth, height, width, channels)` `size` times along each axis, twice by default. */
export function upSampling3d(config: UpSampling3dConfig = {}): tf.layers.Layer {
  return new UpSampling3D(config);
}
