import type { Block } from "./block.js";
import { type ResidualOptions, residualBlock } from "./residual-block.js";

/**
 * Two 3x3 convolutions with a shortcut around them: `(n, h, w, c)` to `(n, ceil(h / stride), ceil(w / stride), filters)`.
 *
 * He, Zhang, Ren & Sun, Deep residual learning for image recognition (CVPR 2016); with `preactivation`, by the same, Identity
 * mappings in deep residual networks (ECCV 2016).
 *
 * @example
 * const y = blocks.residual({ filters: 32, stride: 2 })(x);
 */
export function residual(options: ResidualOptions): Block {
  return residualBlock("residual", options, (filters, stride) => [
    { filters, kernelSize: 3, stride },
    { filters, kernelSize: 3, stride: 1 },
  ]);
}
