import { checkNumber, checkOneOf } from "../core/check.js";
import { ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { activated, applied } from "../layers/blocks/activation.js";
import { checkCount, checkShare } from "../layers/blocks/checks.js";
import { convolved } from "../layers/blocks/convolution.js";
import { normActivated } from "../layers/blocks/norm.js";
import { forActivation } from "../layers/initializers/by-activation.js";
import { checkCounts, checkEither, type ImageShape, seeded } from "./checks.js";
import { checkedImageNet, type ImageNetOptions } from "./options.js";

export interface CnnOptions extends ImageNetOptions {
  /** Of each convolution; after each the image is halved. @default [32, 64] */
  readonly filters?: readonly number[];
  /** Number of convolutions, instead of `filters`. @default 2 */
  readonly depth?: number;
  /** Filters of the first of `depth` convolutions, twice as many in each next one. @default 32 */
  readonly width?: number;
  /** Rows and columns of a filter. @default 3 */
  readonly kernelSize?: number;
  /** Batch normalisation between each convolution and its activation. @default false */
  readonly batchNorm?: boolean;
  /** How the image is halved. @default "max" */
  readonly pooling?: "max" | "average";
  /** Units of each hidden dense layer after the convolutions. @default [64] */
  readonly dense?: readonly number[];
  /** Share of the inputs of each dense layer that a training step leaves out, from 0 to below 1. @default 0 */
  readonly dropout?: number;
}

/**
 * A convolutional network as LeCun et al. (Proc. IEEE 86, 1998) built them: convolutions and pools, then dense layers, the last
 * one without activation, so that its outputs are logits. The same seed gives the same weights, bit for bit.
 *
 * @throws ShapeError if the image is too small to be halved so often.
 *
 * @example
 * const model = cnn({ inputShape: [28, 28, 1], outputs: 10, filters: [32, 64], dropout: 0.5 });
 */
export function cnn(options: CnnOptions): tf.LayersModel {
  const { inputShape, filters, kernelSize, batchNorm, pooling, dense, dropout, activation, ...rest } = checked(options);
  return seeded("cnn", rest.seed, () => {
    const input = tf.input({ shape: [...inputShape], name: "input" });
    let x = input;
    for (const [i, width] of filters.entries()) {
      const name = `conv${i + 1}`;
      const convolution = { filters: width, kernelSize, stride: 1, initializer: forActivation(activation) };
      x = convolved(x, { ...convolution, useBias: !batchNorm }, name);
      x = batchNorm ? normActivated(x, activation, name) : activated(x, activation, `${name}_${activation}`);
      const pool = { poolSize: 2, name: `pool${i + 1}` };
      x = applied(pooling === "max" ? tf.layers.maxPooling2d(pool) : tf.layers.averagePooling2d(pool), x);
    }
    x = applied(tf.layers.flatten({ name: "flatten" }), x);
    for (const [i, units] of dense.entries()) {
      const name = `dense${i + 1}`;
      if (dropout > 0) x = applied(tf.layers.dropout({ rate: dropout, name: `${name}_dropout` }), x);
      x = applied(tf.layers.dense({ units, kernelInitializer: forActivation(activation), name }), x);
      x = activated(x, activation, `${name}_${activation}`);
    }
    if (dropout > 0) x = applied(tf.layers.dropout({ rate: dropout, name: "output_dropout" }), x);
    const output = tf.layers.dense({ units: rest.outputs, kernelInitializer: forActivation("linear"), name: "output" });
    return tf.model({ inputs: input, outputs: applied(output, x) });
  });
}

function checked(options: CnnOptions): Omit<Required<CnnOptions>, "depth" | "width"> {
  const where = "cnn";
  const { batchNorm = false } = options;
  const net = checkedImageNet(where, options);
  checkEither(where, { filters: options.filters }, { depth: options.depth, width: options.width });
  const depth = checkNumber(where, "depth", options.depth ?? 2, { integer: true, atLeast: 0 });
  const width = checkCount(where, "width", options.width ?? 32);
  const doubling = Array.from({ length: depth }, (_, i) => width * 2 ** i);
  const filters = checkCounts(where, "filters", options.filters ?? doubling);
  checkLargeEnough(net.inputShape, filters.length);
  return {
    ...net,
    filters,
    kernelSize: checkCount(where, "kernelSize", options.kernelSize ?? 3),
    batchNorm,
    pooling: checkOneOf(where, "pooling", options.pooling ?? "max", ["max", "average"]),
    dense: checkCounts(where, "dense", options.dense ?? [64]),
    dropout: checkShare(where, "dropout", options.dropout),
  };
}

function checkLargeEnough([height, width]: ImageShape, pools: number): void {
  const least = 2 ** pools;
  if (Math.min(height, width) >= least) return;
  throw new ShapeError(
    `cnn: ${pools} convolutions, each with a pool, need ${least} rows and columns, got ${height} x ${width}. Use fewer filters or larger images.`,
  );
}
