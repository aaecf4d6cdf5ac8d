import { tf } from "../../engine/tf.js";

type Variable = ReturnType<tf.layers.Layer["addWeight"]>;

/** What the convolutions of TensorFlow.js know, each list with an entry for each axis of places. */
export interface StockConvolution extends tf.layers.Layer {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: "valid" | "same" | "causal";
  readonly dilationRate: number | readonly number[];
  readonly dataFormat: "channelsFirst" | "channelsLast";
  readonly useBias: boolean;
  readonly activation: { apply(x: tf.Tensor): tf.Tensor };
  readonly biasInitializer: Initializer;
  readonly biasRegularizer: Regularizer;
  readonly biasConstraint: Constraint;
}

export type Initializer = Parameters<tf.layers.Layer["addWeight"]>[3];
export type Regularizer = Parameters<tf.layers.Layer["addWeight"]>[4];
export type Constraint = Parameters<tf.layers.Layer["addWeight"]>[6];

export interface KernelConvolution extends StockConvolution {
  readonly filters: number;
  readonly kernel: Variable;
  readonly bias: Variable | null;
}

export interface SeparableConvolution extends StockConvolution {
  readonly depthwiseKernel: Variable;
  readonly pointwiseKernel: Variable;
  readonly bias: Variable | null;
}

type FromConfig = Pick<typeof tf.layers.Layer, "fromConfig" | "prototype">;
export type Class<T> = (new (config: object) => T) & FromConfig;
type RankedClass<T> = (new (nPlaces: number, config: object) => T) & FromConfig;

function classOf(layer: tf.layers.Layer): unknown {
  return layer.constructor;
}

function parentOf(layerClass: unknown): unknown {
  return Object.getPrototypeOf(layerClass);
}

// TensorFlow.js exports factories, not their classes.
export const Conv1D = classOf(tf.layers.conv1d({ filters: 1, kernelSize: 1 })) as Class<KernelConvolution>;
export const Conv2D = classOf(tf.layers.conv2d({ filters: 1, kernelSize: 1 })) as Class<KernelConvolution>;
/** Of 1 or 2 axes of places, without kernels. */
export const BaseConvolution = parentOf(
  classOf(tf.layers.depthwiseConv2d({ kernelSize: 1 })),
) as RankedClass<StockConvolution>;
/** Of 1 or 2 axes of places; it computes those of 2 only. */
export const Separable = parentOf(
  classOf(tf.layers.separableConv2d({ filters: 1, kernelSize: 1 })),
) as RankedClass<SeparableConvolution>;
