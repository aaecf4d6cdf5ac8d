import { checkNumber } from "../../core/check.js";
import { tf } from "../../engine/tf.js";
import { withAutomaticInitializer } from "../initializers/by-activation.js";
import { only, register } from "../own-layer.js";
import type { Windows1d } from "../stock/stock-shapes.js";
import type { KernelOptions, Mapped } from "../stock/stock-types.js";
import { asImages, asKernel2d, finished, windowOf } from "./places.js";
import { BaseConvolution, type Constraint, type Initializer, type Regularizer } from "./stock-convolution.js";

type Config = Parameters<typeof tf.layers.depthwiseConv2d>[0];

interface KernelSettings {
  readonly depthwiseInitializer: Initializer;
  readonly depthwiseRegularizer: Regularizer;
  readonly depthwiseConstraint: Constraint;
}

class DepthwiseConv1D extends BaseConvolution {
  static readonly className = "DepthwiseConv1D";
  private readonly depthMultiplier: number;
  private readonly depthwiseInitializer: Initializer;
  private readonly depthwiseRegularizer: Regularizer;
  private readonly depthwiseConstraint: Constraint;
  private depthwiseKernel!: ReturnType<tf.layers.Layer["addWeight"]>;
  private bias: ReturnType<tf.layers.Layer["addWeight"]> | null = null;

  constructor(config: Config) {
    super(1, config);
    const { depthMultiplier = 1, depthwiseInitializer, depthwiseRegularizer, depthwiseConstraint } = config;
    this.depthMultiplier = checkNumber(this.name, "depthMultiplier", depthMultiplier, { integer: true, atLeast: 1 });
    // Reads names, configurations and objects alike.
    const options = { depthwiseInitializer, depthwiseRegularizer, depthwiseConstraint } as Partial<Config>;
    const read = tf.layers.depthwiseConv2d({ kernelSize: 1, ...options }) as unknown as KernelSettings;
    this.depthwiseInitializer = read.depthwiseInitializer;
    this.depthwiseRegularizer = read.depthwiseRegularizer;
    this.depthwiseConstraint = read.depthwiseConstraint;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape).at(-1)!;
    const { depthwiseInitializer: first, depthwiseRegularizer, depthwiseConstraint } = this;
    const shape = [this.kernelSize[0]!, channels, this.depthMultiplier];
    const named = ["kernel", shape, "float32", first] as const;
    this.depthwiseKernel = this.addWeight(...named, depthwiseRegularizer, true, depthwiseConstraint);
    if (this.useBias) {
      const { biasInitializer, biasRegularizer, biasConstraint } = this;
      const size = [channels * this.depthMultiplier];
      this.bias = this.addWeight("bias", size, "float32", biasInitializer, biasRegularizer, true, biasConstraint);
    }
    this.inputSpec = [{ ndim: 3, axes: { [-1]: channels } }];
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [n, steps, channels] = inputShape as [number, number | null, number];
    const { strides, padding, dilations } = windowOf(this);
    const span = padding === "same" ? 1 : 1 + (this.kernelSize[0]! - 1) * dilations[0];
    const windows = steps === null ? null : Math.ceil((steps - span + 1) / strides[0]);
    return [n, windows, channels * this.depthMultiplier];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const kernel = asKernel2d(this.depthwiseKernel.read());
      const { strides, padding, dilations } = windowOf(this);
      const y = tf.depthwiseConv2d(asImages(only(inputs)), kernel, strides, padding, "NHWC", dilations);
      return finished(this, y, this.bias?.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      depthMultiplier: this.depthMultiplier,
      depthwiseInitializer: saved(this.depthwiseInitializer),
      depthwiseRegularizer: saved(this.depthwiseRegularizer),
      depthwiseConstraint: saved(this.depthwiseConstraint),
    };
  }
}
register(DepthwiseConv1D);

/**
 * A convolution of each channel alone over steps: `(n, steps, channels)` becomes `(n, steps, channels * depthMultiplier)`. The
 * `depthMultiplier` outputs of a channel lie side by side.
 */
export function depthwiseConv1d<
  const K extends number,
  const S extends number = 1,
  const P extends "valid" | "same" = "valid",
  const D extends number = 1,
  const M extends number = 1,
>(
  config: Omit<
    Config,
    "kernelSize" | "strides" | "padding" | "dilationRate" | "dataFormat" | "depthMultiplier" | "kernelInitializer"
  > &
    KernelOptions<K, S, P, D> & {
      /** Outputs of each channel. @default 1 */
      readonly depthMultiplier?: M;
    },
): Mapped<
  Windows1d<
    { kernel: D extends 1 ? K : number; stride: S; padding: P; channels: M extends 1 ? "kept" : number },
    "depthwiseConv1d"
  >
> {
  return new DepthwiseConv1D(withAutomaticInitializer(config as Config, "depthwise"));
}

function saved(option: tf.serialization.Serializable | null | undefined): tf.serialization.ConfigDict | null {
  return option ? { className: option.getClassName(), config: option.getConfig() } : null;
}
