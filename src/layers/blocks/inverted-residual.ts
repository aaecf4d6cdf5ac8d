import { tf } from "../../engine/tf.js";
import { forActivation } from "../initializers/by-activation.js";
import { applied, type BlockActivation } from "./activation.js";
import { type Block, channelsOf, freeName } from "./block.js";
import { checkCount } from "./checks.js";
import { convolved, depthwiseConvolved } from "./convolution.js";
import { checkedImageBlock, type FilterBlockOptions } from "./image-block.js";
import { normActivated, normalised } from "./norm.js";

export interface InvertedResidualOptions extends FilterBlockOptions {
  /** Channels inside for each that comes in; 1 leaves the first convolution out. @default 6 */
  readonly expansion?: number;
  /** Inside; the channels that come out have none. @default "relu6" */
  readonly activation?: BlockActivation;
}

/**
 * More channels, a filter for each of them, few channels again without an activation; what came in is added where the shape is
 * the same. `(n, h, w, c)` to `(n, ceil(h / stride), ceil(w / stride), filters)`.
 *
 * Sandler et al., MobileNetV2: inverted residuals and linear bottlenecks (CVPR 2018).
 */
export function invertedResidual(options: InvertedResidualOptions): Block {
  const where = "invertedResidual";
  const { filters, kernelSize, stride, activation } = checkedImageBlock(where, options, "relu6");
  const expansion = checkCount(where, "expansion", options.expansion ?? 6);
  return (x) => {
    const channels = channelsOf(where, x);
    const name = options.name ?? freeName("inverted_residual", x);
    const pixel = { kernelSize: 1, stride: 1 };
    const wider = { ...pixel, filters: channels * expansion, initializer: forActivation(activation) };
    const narrow = { ...pixel, filters, initializer: forActivation("linear") };
    const wide = expansion === 1 ? x : normActivated(convolved(x, wider, `${name}_expand`), activation, name, 1);
    const deep = normActivated(
      depthwiseConvolved(wide, { kernelSize, stride, activation }, `${name}_depthwise`),
      activation,
      name,
      2,
    );
    const branch = normalised(convolved(deep, narrow, `${name}_project`), `${name}_norm3`);
    const isSameShape = stride === 1 && channels === filters;
    return isSameShape ? applied(tf.layers.add({ name: `${name}_add` }), [x, branch]) : branch;
  };
}
