import type { Block } from "./block.js";
import { checkCount } from "./checks.js";
import { type ResidualOptions, residualBlock } from "./residual-block.js";

export interface BottleneckOptions extends ResidualOptions {
  /** Channels of the first two convolutions. */
  readonly filters: number;
  /** Channels that come out for each of `filters`. @default 4 */
  readonly expansion?: number;
}

/**
 * Convolutions of 1x1 to `filters` channels, 3x3 and 1x1 to `expansion` times as many, with a shortcut around them. The stride
 * is that of the 3x3 convolution, as PyTorch has it.
 *
 * He, Zhang, Ren & Sun, Deep residual learning for image recognition (CVPR 2016); with `preactivation`, by the same, Identity
 * mappings in deep residual networks (ECCV 2016).
 */
export function bottleneck(options: BottleneckOptions): Block {
  const expansion = checkCount("bottleneck", "expansion", options.expansion ?? 4);
  return residualBlock("bottleneck", options, (filters, stride) => [
    { filters, kernelSize: 1, stride: 1 },
    { filters, kernelSize: 3, stride },
    { filters: filters * expansion, kernelSize: 1, stride: 1 },
  ]);
}
