import { checkOneOf } from "../core/check.js";
import { ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { activated, applied } from "../layers/blocks/activation.js";
import { checkCount } from "../layers/blocks/checks.js";
import { convolved, firstTransposedKernel } from "../layers/blocks/convolution.js";
import { normActivated } from "../layers/blocks/norm.js";
import { forActivation } from "../layers/initializers/by-activation.js";
import { type ImageShape, seeded } from "./checks.js";
import { checkedImageNet, type ImageNetOptions } from "./options.js";

export interface UnetOptions extends ImageNetOptions {
  /** Numbers for each pixel: classes to tell apart, 1 for a yes-or-no question. */
  readonly outputs: number;
  /** Filters of the first level, twice as many in each deeper one. @default 64 */
  readonly filters?: number;
  /** How often the image is halved and doubled. @default 4 */
  readonly depth?: number;
  /** Batch normalisation between each convolution and its activation. @default true */
  readonly batchNorm?: boolean;
  /**
   * How images are doubled: by a transposed convolution, or each pixel four times and a convolution, which leaves no
   * chequerboard (Odena, Dumoulin & Olah, Distill 2016). @default "transpose"
   */
  readonly upsampling?: "transpose" | "nearest";
}

/**
 * A U-Net, from images to images of the same size `(n, height, width, outputs)`: on each level two 3x3 convolutions, on the way
 * down a pool, on the way up the channels of the same level on the way down beside those from below. The last layer has no
 * activation, so that its outputs are logits. Sizes that cannot be halved `depth` times get rows and columns of zeros around
 * them, which the output has not. The same seed gives the same weights, bit for bit.
 *
 * Several classes train with the loss "crossEntropy" and a label for each pixel, `(n, height, width)`; one class, in an image that
 * may have little of it, with "binaryCrossEntropy" or `losses.dice()` and answers `(n, height, width, 1)`.
 *
 * Ronneberger, Fischer & Brox, U-Net: convolutional networks for biomedical image segmentation (MICCAI 2015), with convolutions
 * that keep the size.
 *
 * @throws ShapeError if the image is too small to be halved so often.
 *
 * @example
 * const model = unet({ inputShape: [64, 64, 3], outputs: 1, filters: 16, depth: 3 });
 */
export function unet(options: UnetOptions): tf.LayersModel {
  const { inputShape, outputs, filters, depth, batchNorm, upsampling, activation, seed } = checked(options);
  return seeded("unet", seed, () => {
    const input = tf.input({ shape: [...inputShape], name: "input" });
    const zeros = missing(inputShape, depth);
    const isWhole = zeros.flat().every((width) => width === 0);
    let x = isWhole ? input : applied(tf.layers.zeroPadding2d({ padding: zeros, name: "pad" }), input);
    const levels: tf.SymbolicTensor[] = [];
    for (let level = 0; level < depth; level++) {
      x = twice(x, filters * 2 ** level, `down${level + 1}`);
      levels.push(x);
      x = applied(tf.layers.maxPooling2d({ poolSize: 2, name: `down${level + 1}_pool` }), x);
    }
    x = twice(x, filters * 2 ** depth, "bottom");
    for (let level = depth - 1; level >= 0; level--) {
      const name = `up${level + 1}`;
      const doubled = upsampled(x, filters * 2 ** level, name);
      x = applied(tf.layers.concatenate({ axis: -1, name: `${name}_concat` }), [levels[level]!, doubled]);
      x = twice(x, filters * 2 ** level, name);
    }
    const last = { filters: outputs, kernelSize: 1, stride: 1, initializer: forActivation("linear"), useBias: true };
    x = convolved(x, last, "output");
    if (!isWhole) x = applied(tf.layers.cropping2D({ cropping: zeros, name: "crop" }), x);
    return tf.model({ inputs: input, outputs: x });
  });

  function twice(x: tf.SymbolicTensor, width: number, name: string): tf.SymbolicTensor {
    const convolution = { filters: width, kernelSize: 3, stride: 1, initializer: forActivation(activation) };
    return [1, 2].reduce((x, number) => {
      const y = convolved(x, { ...convolution, useBias: !batchNorm }, `${name}_conv${number}`);
      if (batchNorm) return normActivated(y, activation, name, number);
      return activated(y, activation, `${name}_${activation}${number}`);
    }, x);
  }

  function upsampled(x: tf.SymbolicTensor, width: number, name: string): tf.SymbolicTensor {
    if (upsampling === "transpose") {
      const kernelInitializer = firstTransposedKernel(1, 2);
      const settings = { filters: width, kernelSize: 2, strides: 2, kernelInitializer, name: `${name}_transpose` };
      return applied(tf.layers.conv2dTranspose(settings), x);
    }
    const larger = applied(tf.layers.upSampling2d({ size: [2, 2], name: `${name}_nearest` } as never), x);
    const initializer = forActivation("linear");
    return convolved(larger, { filters: width, kernelSize: 3, stride: 1, initializer, useBias: true }, `${name}_conv`);
  }
}

function checked(options: UnetOptions): Required<UnetOptions> & { readonly inputShape: ImageShape } {
  const where = "unet";
  const { batchNorm = true } = options;
  const net = checkedImageNet(where, options);
  const [height, width] = net.inputShape;
  const depth = checkCount(where, "depth", options.depth ?? 4);
  if (Math.min(height, width) < 2 ** depth) {
    throw new ShapeError(
      `unet: depth ${depth} halves the image ${depth} times and needs ${2 ** depth} rows and columns, got ${height} x ${width}. Use a smaller depth or larger images.`,
    );
  }
  return {
    ...net,
    filters: checkCount(where, "filters", options.filters ?? 64),
    depth,
    batchNorm,
    upsampling: checkOneOf(where, "upsampling", options.upsampling ?? "transpose", ["transpose", "nearest"]),
  };
}

/** Rows above and below, columns left and right, that are missing until both sizes can be halved `depth` times. */
function missing([height, width]: ImageShape, depth: number): [[number, number], [number, number]] {
  const around = (size: number): [number, number] => {
    const rest = Math.ceil(size / 2 ** depth) * 2 ** depth - size;
    return [Math.floor(rest / 2), Math.ceil(rest / 2)];
  };
  return [around(height), around(width)];
}
