import { checkNumber, checkOneOf } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { forActivation } from "../initializers/by-activation.js";
import { dropPath } from "../regularization/drop-path.js";
import { activated, applied } from "./activation.js";
import { type Block, channelsOf, freeName } from "./block.js";
import { ChannelPadding } from "./channel-padding.js";
import { checkShare } from "./checks.js";
import { convolved } from "./convolution.js";
import { checkedImageBlock, type ImageBlockOptions } from "./image-block.js";
import { normActivated, normalised } from "./norm.js";
import { squeezeExcite } from "./squeeze-excite.js";

export interface ResidualOptions extends ImageBlockOptions {
  /** Norm and activation before each convolution, and nothing after the sum. @default false */
  readonly preactivation?: boolean;
  /**
   * Where the shape changes: a convolution of one pixel, or every `stride`-th pixel with channels of zeros added, which has no
   * parameters. @default "conv"
   */
  readonly shortcut?: "conv" | "pad";
  /** Hidden channels of {@link squeezeExcite}, before the sum, are this many times fewer; `true` for 16. @default false */
  readonly squeezeExcite?: boolean | number;
  /**
   * The block starts as its shortcut alone: the scale of its last norm starts at 0 (Goyal et al., Accurate, large minibatch SGD,
   * 2017), with preactivation its last kernel. Not where the shortcut adds channels of zeros: a rectifier would keep them at 0 for
   * ever, because nothing that is 0 has a slope. @default true
   */
  readonly zeroGamma?: boolean;
  /** Share of the rows for which a training step leaves the block out, so that its shortcut alone is left: `dropPath`. @default 0 */
  readonly dropPath?: number;
}

interface Step {
  readonly filters: number;
  readonly kernelSize: number;
  readonly stride: number;
}

/** Convolutions around which a shortcut leads. */
export function residualBlock(
  kind: "residual" | "bottleneck",
  options: ResidualOptions,
  stepsOf: (filters: number, stride: number) => readonly Step[],
): Block {
  const { filters: width, stride, activation } = checkedImageBlock(kind, options);
  const shortcut = checkOneOf(kind, "shortcut", options.shortcut ?? "conv", ["conv", "pad"]);
  const { preactivation = false } = options;
  const rate = checkShare(kind, "dropPath", options.dropPath);
  const ratio = squeezeRatio(kind, options.squeezeExcite ?? false);
  const steps = stepsOf(width, stride);
  const last = steps.length - 1;
  const { filters } = steps[last]!;
  return (x) => {
    const channels = channelsOf(kind, x);
    const isProjected = channels !== filters || stride > 1;
    if (isProjected && shortcut === "pad" && channels > filters) {
      throw new OptionError(
        `${kind}: shortcut "pad" only adds channels, and ${channels} come in where ${filters} go out. Use shortcut: "conv".`,
      );
    }
    const zeroGamma = (options.zeroGamma ?? true) && !(shortcut === "pad" && channels < filters);
    const name = options.name ?? freeName(kind, x);
    const first = preactivation ? normActivated(x, activation, name, 1) : x;
    let branch = first;
    for (const [i, step] of steps.entries()) {
      if (preactivation && i > 0) branch = normActivated(branch, activation, name, i + 1);
      const startsAtZero = preactivation && zeroGamma && i === last;
      const initializer = startsAtZero ? tf.initializers.zeros() : forActivation(activation);
      branch = convolved(branch, { ...step, initializer }, `${name}_conv${i + 1}`);
      if (preactivation) continue;
      if (i < last) branch = normActivated(branch, activation, name, i + 1);
      else branch = normalised(branch, `${name}_norm${i + 1}`, zeroGamma ? 0 : 1);
    }
    if (ratio !== null) branch = squeezeExcite({ ratio, name: `${name}_se` })(branch);
    if (rate > 0) branch = applied(dropPath({ rate, name: `${name}_drop_path` }), branch);
    const sum = applied(tf.layers.add({ name: `${name}_add` }), [branch, shortcutOf(isProjected ? first : x)]);
    return preactivation ? sum : activated(sum, activation, `${name}_${activation}`);

    function shortcutOf(from: tf.SymbolicTensor): tf.SymbolicTensor {
      if (!isProjected) return from;
      if (shortcut === "pad") return applied(new ChannelPadding({ filters, stride, name: `${name}_shortcut` }), x);
      const convolution = { filters, kernelSize: 1, stride, initializer: forActivation(activation) };
      const projected = convolved(from, convolution, `${name}_shortcut`);
      return preactivation ? projected : normalised(projected, `${name}_shortcut_norm`);
    }
  };
}

function squeezeRatio(where: string, option: boolean | number): number | null {
  if (typeof option === "boolean") return option ? 16 : null;
  return checkNumber(where, "squeezeExcite", option, { atLeast: 1 });
}
