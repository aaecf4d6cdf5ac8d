import { OptionError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { checkRank, type LayerConfig, only, register } from "../own-layer.js";
import { checkCount } from "./checks.js";

export interface ChannelPaddingConfig extends LayerConfig {
  /** Channels of the output, no fewer than those of the input. */
  readonly filters: number;
  /** Every how many rows and columns are kept. @default 1 */
  readonly stride?: number;
}

/**
 * The shortcut without parameters of the first residual networks: every `stride`-th row and column, and channels of zeros after
 * those that are there. Images `(n, h, w, c)` become `(n, ceil(h / stride), ceil(w / stride), filters)`.
 *
 * Option A in He, Zhang, Ren & Sun, Deep residual learning for image recognition (CVPR 2016).
 */
export class ChannelPadding extends tf.layers.Layer {
  static readonly className = "ChannelPadding";
  private readonly filters: number;
  private readonly stride: number;

  constructor(config: ChannelPaddingConfig) {
    super(config);
    this.filters = checkCount(this.name, "filters", config.filters);
    this.stride = checkCount(this.name, "stride", config.stride ?? 1);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    checkRank(this, inputShape, [4], "images (n, height, width, channels)");
    const [n, height, width, channels] = inputShape as [number, number | null, number | null, number];
    if (channels > this.filters) {
      throw new OptionError(
        `${this.name}: filters must be at least the ${channels} channels that come in, got ${this.filters}. A shortcut to fewer channels needs a convolution.`,
      );
    }
    const kept = (size: number | null) => (size === null ? null : Math.ceil(size / this.stride));
    return [n, kept(height), kept(width), this.filters];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs) as tf.Tensor4D;
      // A pool of one element, which unlike a strided slice has a gradient.
      const kept = this.stride === 1 ? x : tf.avgPool(x, 1, this.stride, "valid");
      const missing = this.filters - x.shape[3];
      const widths: [number, number][] = [0, 0, 0, missing].map((after) => [0, after]);
      return missing === 0 ? kept : tf.pad(kept, widths);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), filters: this.filters, stride: this.stride };
  }
}
register(ChannelPadding);
