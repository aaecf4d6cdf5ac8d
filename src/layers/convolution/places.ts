// Convolutions of steps are those of images that are one row high.
import { tf } from "../../engine/tf.js";
import type { StockConvolution } from "./stock-convolution.js";

type Pair = [number, number];

export interface Window2d {
  readonly strides: Pair;
  readonly padding: "valid" | "same";
  readonly dilations: Pair;
}

/** For images what the layer says; for steps, one number for both axes: along the one of a single row it moves nothing. */
export function windowOf({ strides, dilationRate, padding }: StockConvolution): Window2d {
  const pair = (values: readonly number[]): Pair => [values[0]!, values[1] ?? values[0]!];
  return {
    strides: pair(strides),
    padding: padding === "causal" ? "valid" : padding,
    dilations: pair([dilationRate].flat() as number[]),
  };
}

/** Steps `(n, steps, channels)` as `(n, 1, steps, channels)`; images as they are. */
export function asImages(x: tf.Tensor): tf.Tensor4D {
  return (x.rank === 3 ? tf.expandDims(x, 1) : x) as tf.Tensor4D;
}

/** Kernels of steps `(size, a, b)` as `(1, size, a, b)`. */
export function asKernel2d(kernel: tf.Tensor): tf.Tensor4D {
  return (kernel.rank === 3 ? tf.expandDims(kernel, 0) : kernel) as tf.Tensor4D;
}

/** Bias and activation of `layer` on what its kernels gave. */
export function finished(layer: StockConvolution, images: tf.Tensor4D, bias: tf.Tensor | undefined): tf.Tensor {
  const y = layer.strides.length === 1 ? tf.squeeze(images, [1]) : images;
  return layer.activation.apply(bias === undefined ? y : tf.add(y, bias));
}
