import { tf } from "../../engine/tf.js";
import { forActivation } from "../initializers/by-activation.js";
import type { Initializer } from "../initializers/initializer.js";
import { initializers } from "../initializers/initializers.js";
import { applied, type BlockActivation } from "./activation.js";

export interface Convolution {
  readonly filters: number;
  readonly kernelSize: number;
  readonly stride: number;
  readonly initializer: Initializer;
  /** @default false: a norm follows */
  readonly useBias?: boolean;
}

/** A convolution of images that gives `ceil(size / stride)` rows and columns. */
export function convolved(x: tf.SymbolicTensor, convolution: Convolution, name: string): tf.SymbolicTensor {
  const { filters, kernelSize, stride, initializer, useBias = false } = convolution;
  const { image, padding } = padded(x, kernelSize, stride, name);
  const settings = { filters, kernelSize, strides: stride, padding, useBias, name };
  return applied(tf.layers.conv2d({ ...settings, kernelInitializer: initializer }), image);
}

/** The same with a filter for each channel, before an activation. */
export function depthwiseConvolved(
  x: tf.SymbolicTensor,
  { kernelSize, stride, activation }: Pick<Convolution, "kernelSize" | "stride"> & { activation: BlockActivation },
  name: string,
): tf.SymbolicTensor {
  const { image, padding } = padded(x, kernelSize, stride, name);
  const depthwiseInitializer = forActivation(activation, { kernel: "depthwise" });
  const settings = { kernelSize, strides: stride, padding, useBias: false, name } as const;
  return applied(tf.layers.depthwiseConv2d({ ...settings, depthwiseInitializer }), image);
}

/**
 * Where the kernel of a transposed convolution starts: uniform with variance `gain` over the inputs that an output has on average.
 * The shape of a kernel does not tell the stride.
 */
export function firstTransposedKernel(gain: 1 | 2, stride: number) {
  return initializers.varianceScaling({ scale: gain * stride ** 2, kernel: "transposed", distribution: "uniform" });
}

/**
 * With a stride, "same" adds the odd row or column of zeros at the end, where PyTorch's models have as many zeros on each
 * side: these are added as theirs, so that their weights give their outputs.
 */
function padded(x: tf.SymbolicTensor, kernelSize: number, stride: number, name: string) {
  if (stride === 1 || kernelSize % 2 === 0) return { image: x, padding: "same" as const };
  if (kernelSize === 1) return { image: x, padding: "valid" as const };
  const layer = tf.layers.zeroPadding2d({ padding: zerosAround((kernelSize - 1) / 2), name: `${name}_pad` });
  return { image: applied(layer, x), padding: "valid" as const };
}

/** Of `width` rows and columns on each side. */
export function zerosAround(width: number): [[number, number], [number, number]] {
  return [
    [width, width],
    [width, width],
  ];
}
