import { checkNumber } from "../../core/check.js";
import { type BlockActivation, checkActivation, firstWeights } from "./activation.js";
import { type Block, type BlockOptions, channelsOf, freeName } from "./block.js";
import { convolved } from "./convolution.js";
import { normActivated } from "./norm.js";

export interface ConvNormActivationOptions extends BlockOptions {
  readonly filters: number;
  /** Rows and columns of a filter. @default 3 */
  readonly kernelSize?: number;
  /** The image becomes this many times smaller. @default 1 */
  readonly stride?: number;
  /** "linear" for none. @default "relu" */
  readonly activation?: BlockActivation;
}

/** Convolution without bias, batch normalisation, activation: `(n, h, w, c)` to `(n, ceil(h / stride), ceil(w / stride), filters)`. */
export function convNormActivation(options: ConvNormActivationOptions): Block {
  const where = "convNormActivation";
  const count = { integer: true, atLeast: 1 };
  const filters = checkNumber(where, "filters", options.filters, count);
  const kernelSize = checkNumber(where, "kernelSize", options.kernelSize ?? 3, count);
  const stride = checkNumber(where, "stride", options.stride ?? 1, count);
  const activation = checkActivation(where, options.activation ?? "relu");
  return (x) => {
    channelsOf(where, x);
    const name = options.name ?? freeName("conv", x);
    const convolution = { filters, kernelSize, stride, initializer: firstWeights(activation) };
    return normActivated(convolved(x, convolution, `${name}_conv`), activation, name);
  };
}
