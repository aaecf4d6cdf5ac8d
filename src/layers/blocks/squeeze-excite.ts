import { checkNumber } from "../../core/check.js";
import { tf } from "../../engine/tf.js";
import { forActivation } from "../initializers/by-activation.js";
import { applied, type BlockActivation, checkActivation } from "./activation.js";
import { type Block, type BlockOptions, channelsOf, freeName } from "./block.js";

export interface SqueezeExciteOptions extends BlockOptions {
  /** Channels for each hidden unit. @default 16 */
  readonly ratio?: number;
  /** Of the hidden units. @default "relu" */
  readonly activation?: BlockActivation;
}

/**
 * Weighs the channels of images by what the whole image has in each: means, two dense layers, a factor from 0 to 1 for each
 * channel. The shape stays.
 *
 * Hu, Shen & Sun, Squeeze-and-excitation networks (CVPR 2018).
 */
export function squeezeExcite(options: SqueezeExciteOptions = {}): Block {
  const where = "squeezeExcite";
  const ratio = checkNumber(where, "ratio", options.ratio ?? 16, { atLeast: 1 });
  const activation = checkActivation(where, options.activation ?? "relu");
  return (x) => {
    const channels = channelsOf(where, x);
    const name = options.name ?? freeName("squeeze_excite", x);
    const units = Math.max(1, Math.round(channels / ratio));
    const squeeze = { units, activation, kernelInitializer: forActivation(activation), name: `${name}_squeeze` };
    const excite = {
      units: channels,
      activation: "sigmoid",
      kernelInitializer: forActivation("sigmoid"),
      name: `${name}_excite`,
    } as const;
    const means = applied(tf.layers.globalAveragePooling2d({ name: `${name}_mean` } as never), x);
    const hidden = applied(tf.layers.dense(squeeze), means);
    const factors = applied(tf.layers.dense(excite), hidden);
    const image = applied(tf.layers.reshape({ targetShape: [1, 1, channels], name: `${name}_reshape` }), factors);
    return applied(tf.layers.multiply({ name: `${name}_scale` }), [x, image]);
  };
}
