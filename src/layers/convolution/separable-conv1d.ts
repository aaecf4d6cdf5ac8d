import { tf } from "../../engine/tf.js";
import { withAutomaticInitializer } from "../initializers/by-activation.js";
import { separableConv2d } from "../initializers/separable-convolution.js";
import { only, register } from "../own-layer.js";
import type { Windows1d } from "../stock/stock-shapes.js";
import type { Filters, KernelOptions, Mapped } from "../stock/stock-types.js";
import { asImages, asKernel2d, finished, windowOf } from "./places.js";
import { Separable } from "./stock-convolution.js";

type Config = Parameters<typeof tf.layers.separableConv2d>[0];

class SeparableConv1D extends Separable {
  static readonly className = "SeparableConv1D";

  constructor(config: Config) {
    super(1, config);
    // TensorFlow.js starts the pointwise kernel by the initializer of the other one.
    const images = separableConv2d({ ...config, kernelSize: 1, strides: 1, dilationRate: 1 });
    const { pointwiseInitializer } = images as unknown as Pick<Config, "pointwiseInitializer">;
    Object.assign(this, { pointwiseInitializer });
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const kernels = [this.depthwiseKernel, this.pointwiseKernel].map((kernel) => asKernel2d(kernel.read()));
      const { strides, padding, dilations } = windowOf(this);
      const each = tf.depthwiseConv2d(asImages(only(inputs)), kernels[0]!, strides, padding, "NHWC", dilations);
      return finished(this, tf.conv2d(each, kernels[1]!, 1, "valid"), this.bias?.read());
    });
  }
}
register(SeparableConv1D);

/**
 * A convolution of each channel alone, then one of a single step over all: a `conv1d` with fewer weights. `(n, steps, channels)`
 * becomes `(n, steps, filters)`.
 *
 * Chollet, Xception: deep learning with depthwise separable convolutions (CVPR 2017).
 */
export function separableConv1d<
  const F extends number,
  const K extends number,
  const S extends number = 1,
  const P extends "valid" | "same" = "valid",
  const D extends number = 1,
>(
  config: Omit<Config, "filters" | "kernelSize" | "strides" | "padding" | "dilationRate" | "dataFormat"> &
    Filters<F> &
    KernelOptions<K, S, P, D>,
): Mapped<Windows1d<{ kernel: D extends 1 ? K : number; stride: S; padding: P; channels: F }, "separableConv1d">> {
  return new SeparableConv1D(withAutomaticInitializer(config as Config, "separable"));
}
