import { forActivation } from "../initializers/by-activation.js";
import { type Block, channelsOf, freeName } from "./block.js";
import { convolved, depthwiseConvolved } from "./convolution.js";
import { checkedImageBlock, type FilterBlockOptions } from "./image-block.js";
import { normActivated } from "./norm.js";

/**
 * A filter for each channel, then a convolution of one pixel that mixes the channels, each with norm and activation: about
 * `kernelSize ** 2` times fewer multiplications than a convolution. `(n, h, w, c)` to `(n, ceil(h / stride), ceil(w / stride), filters)`.
 *
 * Howard et al., MobileNets (arXiv 1704.04861, 2017).
 */
export function depthwiseSeparable(options: FilterBlockOptions): Block {
  const where = "depthwiseSeparable";
  const { filters, kernelSize, stride, activation } = checkedImageBlock(where, options);
  return (x) => {
    channelsOf(where, x);
    const name = options.name ?? freeName("depthwise_separable", x);
    const deep = depthwiseConvolved(x, { kernelSize, stride, activation }, `${name}_depthwise`);
    const mix = { filters, kernelSize: 1, stride: 1, initializer: forActivation(activation) };
    const mixed = convolved(normActivated(deep, activation, name, 1), mix, `${name}_pointwise`);
    return normActivated(mixed, activation, name, 2);
  };
}
