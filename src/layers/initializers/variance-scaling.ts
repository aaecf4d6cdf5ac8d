import { checkNumber, checkOneOf } from "../../core/check.js";
import { tf } from "../../engine/tf.js";
import { register } from "../own-layer.js";
import { fansOf, type KernelKind, kernelKinds } from "./fans.js";
import { RandomInitializer, type SeedOptions } from "./initializer.js";

/** Standard deviation of a standard normal distribution that is cut off at -2 and 2. */
const truncatedStd = 0.87962566103423978;

const modes = ["fanIn", "fanOut", "fanAvg"] as const;
const distributions = ["truncatedNormal", "untruncatedNormal", "uniform"] as const;

export interface FanOptions extends SeedOptions {
  /** For the fans of a depthwise or a transposed convolution, which the shape of a kernel does not tell. */
  readonly kernel?: KernelKind | null;
}

export interface VarianceScalingOptions extends FanOptions {
  /** Above 0. @default 1 */
  readonly scale?: number;
  /** @default "fanIn" */
  readonly mode?: (typeof modes)[number];
  /** @default "truncatedNormal" */
  readonly distribution?: (typeof distributions)[number];
}

/**
 * Numbers with mean 0 and variance `scale / fan`. The normal distribution is cut off at two standard deviations and widened so
 * that the variance is met; TensorFlow.js' own leaves it at 0.77 of that.
 */
export class VarianceScaling extends RandomInitializer {
  static readonly className: string = "SeededVarianceScaling";
  private readonly options: Required<Omit<VarianceScalingOptions, "seed">>;

  constructor(given: VarianceScalingOptions = {}) {
    super("varianceScaling", given);
    const { scale = 1, mode = "fanIn", distribution = "truncatedNormal", kernel = null } = given;
    this.options = {
      scale: checkNumber("varianceScaling", "scale", scale, { above: 0 }),
      mode: checkOneOf("varianceScaling", "mode", mode, modes),
      distribution: checkOneOf("varianceScaling", "distribution", distribution, distributions),
      kernel: kernel === null ? null : checkOneOf("varianceScaling", "kernel", kernel, kernelKinds),
    };
  }

  protected sample(shape: number[]): tf.Tensor {
    const { scale, mode, distribution, kernel } = this.options;
    const { fanIn, fanOut } = fansOf(shape, kernel ?? undefined);
    const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
    const variance = scale / Math.max(1, fan);
    const std = Math.sqrt(variance);
    if (distribution === "truncatedNormal") return tf.truncatedNormal(shape, 0, std / truncatedStd);
    if (distribution === "untruncatedNormal") return tf.randomNormal(shape, 0, std);
    const limit = Math.sqrt(3 * variance);
    return tf.randomUniform(shape, -limit, limit);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.options, seed: this.seed };
  }
}
register(VarianceScaling);
