import { forActivation } from "../initializers/by-activation.js";
import { type Block, channelsOf, freeName } from "./block.js";
import { convolved } from "./convolution.js";
import { checkedImageBlock, type FilterBlockOptions } from "./image-block.js";
import { normActivated } from "./norm.js";

/** Convolution without bias, batch normalisation, activation: `(n, h, w, c)` to `(n, ceil(h / stride), ceil(w / stride), filters)`. */
export function convNormActivation(options: FilterBlockOptions): Block {
  const where = "convNormActivation";
  const { filters, kernelSize, stride, activation } = checkedImageBlock(where, options);
  return (x) => {
    channelsOf(where, x);
    const name = options.name ?? freeName("conv", x);
    const convolution = { filters, kernelSize, stride, initializer: forActivation(activation) };
    return normActivated(convolved(x, convolution, `${name}_conv`), activation, name);
  };
}
