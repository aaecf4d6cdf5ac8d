import { checkOneOf } from "../core/check.js";
import { OptionError, ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { applied } from "../layers/blocks/activation.js";
import { bottleneck } from "../layers/blocks/bottleneck.js";
import { checkCount, checkShare } from "../layers/blocks/checks.js";
import { convolved, zerosAround } from "../layers/blocks/convolution.js";
import { normActivated } from "../layers/blocks/norm.js";
import { residual } from "../layers/blocks/residual.js";
import { forActivation } from "../layers/initializers/by-activation.js";
import { checkCounts, checkEither, type ImageShape, seeded } from "./checks.js";
import { checkedImageNet, type ImageNetOptions } from "./options.js";

export interface ResnetOptions extends ImageNetOptions {
  /** Layers with weights, three stages: 6n + 2 for n blocks in each, 9n + 2 with bottlenecks. @default 20, or 29 with bottlenecks */
  readonly depth?: number;
  /** Blocks of each stage, instead of `depth`; each stage but the first halves the image. */
  readonly stages?: readonly number[];
  /** Filters of the first stage, twice as many in each next one. @default 16, or 64 with stem "imagenet" */
  readonly width?: number;
  /** Filters of each stage, instead of `width`. */
  readonly widths?: readonly number[];
  /** Norm and activation before each convolution. @default false */
  readonly preactivation?: boolean;
  /** Blocks of three convolutions, 1x1, 3x3 and 1x1 to four times `width`. @default false */
  readonly bottleneck?: boolean;
  /** Channels weighed in each block; a number is the ratio of hidden channels, `true` is 16. @default false */
  readonly squeezeExcite?: boolean | number;
  /**
   * Where the shape changes: a convolution of one pixel, or every other pixel with channels of zeros added.
   * @default "pad" in the small nets without bottlenecks, as in the paper, otherwise "conv"
   */
  readonly shortcut?: "conv" | "pad";
  /** A 3x3 convolution, or one of 7x7 with stride 2 and a max pool, which leave a 16th of the pixels. @default "small" */
  readonly stem?: "small" | "imagenet";
  /** Each block starts as its shortcut alone, but for those whose shortcut adds channels of zeros. @default true */
  readonly zeroGamma?: boolean;
  /** Share of the pooled channels that a training step leaves out, from 0 to below 1. @default 0 */
  readonly dropout?: number;
  /**
   * Share of the rows for which a training step leaves the last block out, from 0 to below 1; that of block l of L is l / L of it
   * (Huang et al., Deep networks with stochastic depth, ECCV 2016). @default 0
   */
  readonly dropPath?: number;
}

/**
 * A residual network: a stem, stages of blocks with shortcuts, the mean over the image, and a dense layer without activation, so
 * that its outputs are logits. By default ResNet-20 of the paper: 0.27 million parameters for CIFAR-10.
 *
 * Convolutions have no bias and zeros on all sides as in PyTorch's models, and start uniform with variance 2 / fanIn. The same
 * seed gives the same weights, bit for bit.
 *
 * He, Zhang, Ren & Sun, Deep residual learning for image recognition (CVPR 2016) and, with `preactivation`, Identity mappings in
 * deep residual networks (ECCV 2016).
 *
 * @throws ShapeError if a stage would halve an image of one pixel.
 *
 * @example
 * resnet({ inputShape: [32, 32, 3], outputs: 10, depth: 56 }); // 0.85 million parameters
 * resnet({ inputShape: [224, 224, 3], outputs: 1000, stages: [2, 2, 2, 2], stem: "imagenet" }); // ResNet-18
 * resnet({ inputShape: [224, 224, 3], outputs: 1000, stages: [3, 4, 6, 3], stem: "imagenet", bottleneck: true }); // ResNet-50
 */
export function resnet(options: ResnetOptions): tf.LayersModel {
  const { outputs, inputShape, stages, widths, stem, activation, dropout, dropPath, seed, ...settings } =
    checked(options);
  const { preactivation, shortcut, zeroGamma, squeezeExcite } = settings;
  const block = settings.bottleneck ? bottleneck : residual;
  return seeded("resnet", seed, () => {
    const input = tf.input({ shape: [...inputShape], name: "input" });
    const isImagenet = stem === "imagenet";
    const first = { filters: widths[0]!, initializer: forActivation(activation) };
    let x = convolved(input, { ...first, kernelSize: isImagenet ? 7 : 3, stride: isImagenet ? 2 : 1 }, "stem_conv");
    if (!preactivation) x = normActivated(x, activation, "stem");
    if (isImagenet) {
      x = applied(tf.layers.zeroPadding2d({ padding: zerosAround(1), name: "stem_pool_pad" }), x);
      x = applied(tf.layers.maxPooling2d({ poolSize: 3, strides: 2, name: "stem_pool" }), x);
    }
    const depth = stages.reduce((sum, blocks) => sum + blocks, 0);
    let place = 0;
    for (const [stage, blocks] of stages.entries()) {
      for (let i = 0; i < blocks; i++) {
        const drop = (dropPath * ++place) / depth;
        const stride = stage > 0 && i === 0 ? 2 : 1;
        const shape = { filters: widths[stage]!, stride, name: `stage${stage + 1}_block${i + 1}` };
        x = block({ ...shape, preactivation, shortcut, zeroGamma, squeezeExcite, activation, dropPath: drop })(x);
      }
    }
    if (preactivation) x = normActivated(x, activation, "last");
    x = applied(tf.layers.globalAveragePooling2d({ name: "pool" } as never), x);
    if (dropout > 0) x = applied(tf.layers.dropout({ rate: dropout, name: "dropout" }), x);
    const output = tf.layers.dense({ units: outputs, kernelInitializer: forActivation("linear"), name: "output" });
    return tf.model({ inputs: input, outputs: applied(output, x) });
  });
}

type Checked = Omit<Required<ResnetOptions>, "depth" | "width"> & { readonly inputShape: ImageShape };

function checked(options: ResnetOptions): Checked {
  const where = "resnet";
  const { depth, width, preactivation = false, bottleneck = false, zeroGamma = true, squeezeExcite = false } = options;
  const net = checkedImageNet(where, options);
  const stem = checkOneOf(where, "stem", options.stem ?? "small", ["small", "imagenet"]);
  checkEither(where, { stages: options.stages }, { depth });
  checkEither(where, { widths: options.widths }, { width });
  const stages = options.stages ? checkCounts(where, "stages", options.stages, 1) : stagesOf(depth, bottleneck);
  const first = checkCount(where, "width", width ?? (stem === "small" ? 16 : 64));
  const widths = checkCounts(where, "widths", options.widths ?? stages.map((_, stage) => first * 2 ** stage));
  if (widths.length !== stages.length) {
    throw new OptionError(
      `${where}: widths must have one entry for each of ${stages.length} stages, got ${widths.length}.`,
    );
  }
  checkLargeEnough(net.inputShape, stages.length, stem);
  return {
    ...net,
    stages,
    widths,
    stem,
    preactivation,
    bottleneck,
    zeroGamma,
    squeezeExcite,
    shortcut: checkOneOf(where, "shortcut", options.shortcut ?? (stem === "small" && !bottleneck ? "pad" : "conv"), [
      "conv",
      "pad",
    ]),
    dropout: checkShare(where, "dropout", options.dropout),
    dropPath: checkShare(where, "dropPath", options.dropPath),
  };
}

function stagesOf(depth: number | undefined, isBottleneck: boolean): number[] {
  const perBlock = isBottleneck ? 9 : 6;
  const blocks = ((depth ?? 3 * perBlock + 2) - 2) / perBlock;
  if (Number.isInteger(blocks) && blocks >= 1) return [blocks, blocks, blocks];
  const examples = [1, 2, 3].map((n) => perBlock * n + 2).join(", ");
  throw new OptionError(
    `resnet: depth must be ${perBlock}n + 2, like ${examples}, got ${depth}. For other nets pass stages.`,
  );
}

function checkLargeEnough([height, width]: ImageShape, stages: number, stem: string): void {
  const halvings = stages - 1 + (stem === "imagenet" ? 2 : 0);
  const least = 2 ** (halvings - 1) + 1; // so that the last halving finds two pixels
  if (halvings === 0 || Math.min(height, width) >= least) return;
  throw new ShapeError(
    `resnet: ${stages} stages${stem === "imagenet" ? ' after stem "imagenet"' : ""} halve the image ${halvings} times and need ${least} rows and columns, got ${height} x ${width}. Use fewer stages or larger images.`,
  );
}
