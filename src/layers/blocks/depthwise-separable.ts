import { checkNumber } from "../../core/check.js";
import { type BlockActivation, checkActivation, firstWeights } from "./activation.js";
import { type Block, type BlockOptions, channelsOf, freeName } from "./block.js";
import { convolved, depthwiseConvolved } from "./convolution.js";
import { normActivated } from "./norm.js";

export interface DepthwiseSeparableOptions extends BlockOptions {
  readonly filters: number;
  /** Rows and columns of the filter of each channel. @default 3 */
  readonly kernelSize?: number;
  /** The image becomes this many times smaller. @default 1 */
  readonly stride?: number;
  /** @default "relu" */
  readonly activation?: BlockActivation;
}

/**
 * A filter for each channel, then a convolution of one pixel that mixes the channels, each with norm and activation: about
 * `kernelSize ** 2` times fewer multiplications than a convolution. `(n, h, w, c)` to `(n, ceil(h / stride), ceil(w / stride), filters)`.
 *
 * Howard et al., MobileNets (arXiv 1704.04861, 2017).
 */
export function depthwiseSeparable(options: DepthwiseSeparableOptions): Block {
  const where = "depthwiseSeparable";
  const count = { integer: true, atLeast: 1 };
  const filters = checkNumber(where, "filters", options.filters, count);
  const kernelSize = checkNumber(where, "kernelSize", options.kernelSize ?? 3, count);
  const stride = checkNumber(where, "stride", options.stride ?? 1, count);
  const activation = checkActivation(where, options.activation ?? "relu");
  return (x) => {
    channelsOf(where, x);
    const name = options.name ?? freeName("depthwise_separable", x);
    const deep = depthwiseConvolved(x, { kernelSize, stride }, `${name}_depthwise`);
    const mix = { filters, kernelSize: 1, stride: 1, initializer: firstWeights(activation) };
    const mixed = convolved(normActivated(deep, activation, name, 1), mix, `${name}_pointwise`);
    return normActivated(mixed, activation, name, 2);
  };
}
