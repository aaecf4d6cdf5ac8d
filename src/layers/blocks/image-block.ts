import { type BlockActivation, checkActivation } from "./activation.js";
import type { BlockOptions } from "./block.js";
import { checkCount } from "./checks.js";

/** The options of a block that goes from images to images. */
export interface ImageBlockOptions extends BlockOptions {
  /** Channels that come out. */
  readonly filters: number;
  /** The image becomes this many times smaller. @default 1 */
  readonly stride?: number;
  /** "linear" for none. @default "relu" */
  readonly activation?: BlockActivation;
}

/** ... with filters of a size that can be chosen. */
export interface FilterBlockOptions extends ImageBlockOptions {
  /** Rows and columns of a filter. @default 3 */
  readonly kernelSize?: number;
}

/** What all blocks of images take, checked. */
export function checkedImageBlock(where: string, options: FilterBlockOptions, usual: BlockActivation = "relu") {
  return {
    filters: checkCount(where, "filters", options.filters),
    kernelSize: checkCount(where, "kernelSize", options.kernelSize ?? 3),
    stride: checkCount(where, "stride", options.stride ?? 1),
    activation: checkActivation(where, options.activation ?? usual),
  };
}
