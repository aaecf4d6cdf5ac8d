import type { tf } from "../../engine/tf.js";
import type { LastAxis, OneAxisMore, SameShape, Shaped, ShapeMap } from "../shapes.js";
import type { categoryEncoding } from "./category-encoding.js";
import type { elu } from "./elu.js";
import type { centerCrop, resizing } from "./images.js";
import type {
  Flattened,
  GlobalPool1d,
  GlobalPool2d,
  OtherPlaces2d,
  Recurrent,
  Repeated,
  Reshaped,
  Windows1d,
  Windows2d,
} from "./stock-shapes.js";

/** A layer whose shapes the compiler follows. */
export type Mapped<Map extends ShapeMap> = tf.layers.Layer & Shaped<Map>;

/** The options that TensorFlow.js describes, but for `Own`, which are described here. */
type Config<Name extends keyof typeof tf.layers, Own extends string = never> = (typeof tf.layers)[Name] extends (
  config: infer Options,
) => unknown
  ? Omit<NonNullable<Options>, Own>
  : never;

/** One number for every axis, or one for each. */
type PerAxis2d = number | readonly [number, number];
type Padding = "valid" | "same";
type Kernel = "kernelSize" | "strides" | "padding" | "dilationRate";
type Pool = "poolSize" | "strides" | "padding";

export interface Filters<F> {
  /** How many channels come out. */
  readonly filters: F;
}

export interface KernelOptions<K, S, P, D> {
  /** How many places a window sees. */
  readonly kernelSize: K;
  /** How far apart the windows are. @default 1 */
  readonly strides?: S;
  /** `"same"` puts zeros around, so that with strides of 1 the size stays; `"valid"` puts none. @default "valid" */
  readonly padding?: P;
  /** How far apart the places are that one window sees. @default 1 */
  readonly dilationRate?: D;
}

export interface Groups {
  /**
   * Into how many parts the channels and the filters go, a divisor of both: no part sees another, which takes `groups` times
   * fewer weights and operations (Krizhevsky, Sutskever & Hinton, NeurIPS 2012; Xie et al., CVPR 2017). @default 1
   */
  readonly groups?: number;
}

/** The compiler does not multiply: a window that is spread has an unknown size. */
type Spread<K, D> = D extends 1 ? K : number;

export interface PoolOptions<K, S, P> {
  /** How many places a window sees. */
  readonly poolSize: K;
  /** How far apart the windows are. @default poolSize */
  readonly strides?: S;
  /** `"same"` counts a last window that is not full; `"valid"` leaves it out. @default "valid" */
  readonly padding?: P;
}

export interface KeepDims<Q> {
  /** The axes that are pooled stay, of size 1. @default false */
  readonly keepDims?: Q;
}

export interface RecurrentOptions<U, Q> {
  /** How many values come out. */
  readonly units: U;
  /** The output of each step, not of the last one only. @default false */
  readonly returnSequences?: Q;
}

export interface ResetAfter {
  /**
   * The reset gate goes over what the recurrent kernel gave, which has a bias of its own: Keras' default, together with
   * `recurrentActivation: "sigmoid"`. @default false
   */
  readonly resetAfter?: boolean;
}

type Convolution2d<Name extends "conv2d" | "separableConv2d", More = unknown> = <
  const F extends number,
  const K extends PerAxis2d,
  const S extends PerAxis2d = 1,
  const P extends Padding = "valid",
  const D extends PerAxis2d = 1,
>(
  config: Config<Name, "filters" | Kernel> & Filters<F> & KernelOptions<K, S, P, D> & More,
) => Mapped<Windows2d<{ kernel: Spread<K, D>; stride: S; padding: P; channels: F }, Name>>;

type Pooling1d<Name extends "maxPooling1d" | "averagePooling1d"> = <
  const K extends number,
  const S extends number = K,
  const P extends Padding = "valid",
>(
  config: Config<Name, Pool> & PoolOptions<K, S, P>,
) => Mapped<Windows1d<{ kernel: K; stride: S; padding: P; channels: "kept" }, Name>>;

type Pooling2d<Name extends "maxPooling2d" | "averagePooling2d"> = <
  const K extends PerAxis2d,
  const S extends PerAxis2d = K,
  const P extends Padding = "valid",
>(
  config: Config<Name, Pool> & PoolOptions<K, S, P>,
) => Mapped<Windows2d<{ kernel: K; stride: S; padding: P; channels: "kept" }, Name>>;

type RecurrentLayer<Name extends "lstm" | "gru" | "simpleRNN", More = unknown> = <
  const U extends number,
  const Q extends boolean = false,
>(
  config: Config<Name, "units" | "returnSequences"> & RecurrentOptions<U, Q> & More,
) => Mapped<Recurrent<U, Q, Name>>;

/** The layers of TensorFlow.js whose shapes the compiler follows. */
export interface TypedStockLayers {
  /**
   * `activation(x · kernel + bias)` along the last axis: `(..., features)` becomes `(..., units)`. Without an activation by
   * default.
   *
   * @example
   * layers.dense({ units: 10 });
   */
  dense<const U extends number>(
    config: Config<"dense", "units"> & {
      /** How many values come out. */
      readonly units: U;
    },
  ): Mapped<LastAxis<U>>;

  /**
   * Slides `filters` kernels over steps: `(steps, channels)` becomes `(steps, filters)`. With `padding: "causal"` no output
   * sees a later step.
   */
  conv1d<
    const F extends number,
    const K extends number,
    const S extends number = 1,
    const P extends Padding | "causal" = "valid",
    const D extends number = 1,
  >(
    config: Config<"conv1d", "filters" | Kernel> & Filters<F> & KernelOptions<K, S, P, D> & Groups,
  ): Mapped<Windows1d<{ kernel: Spread<K, D>; stride: S; padding: P; channels: F }, "conv1d">>;

  /**
   * Slides `filters` kernels over images: `(height, width, channels)` becomes `(height, width, filters)`, smaller by
   * `kernelSize - 1` unless `padding` is `"same"`.
   *
   * @example
   * layers.conv2d({ filters: 16, kernelSize: 3, padding: "same", activation: "relu" });
   */
  readonly conv2d: Convolution2d<"conv2d", Groups>;

  /**
   * A convolution of each channel alone, then one of 1 x 1 over all: a `conv2d` with fewer weights (Chollet, CVPR 2017).
   */
  readonly separableConv2d: Convolution2d<"separableConv2d">;

  /** The transpose of a convolution, which enlarges images by its strides: `(height, width, channels)` becomes `(..., filters)`. */
  conv2dTranspose<const F extends number>(
    config: Config<"conv2dTranspose", "filters"> & Filters<F>,
  ): Mapped<OtherPlaces2d<F, "conv2dTranspose">>;

  /** The largest value of each window, channel by channel: `(steps, channels)` becomes `(steps / poolSize, channels)`, rounded down. */
  readonly maxPooling1d: Pooling1d<"maxPooling1d">;

  /** The largest value of each window, channel by channel: with `poolSize: 2` height and width are halved, rounded down. */
  readonly maxPooling2d: Pooling2d<"maxPooling2d">;

  /** The mean value of each window, channel by channel: `(steps, channels)` becomes `(steps / poolSize, channels)`, rounded down. */
  readonly averagePooling1d: Pooling1d<"averagePooling1d">;

  /** The mean value of each window, channel by channel: with `poolSize: 2` height and width are halved, rounded down. */
  readonly averagePooling2d: Pooling2d<"averagePooling2d">;

  /** The largest value of each channel over all steps: `(steps, channels)` becomes `(channels)`. */
  globalMaxPooling1d<const Q extends boolean = false>(
    config?: Config<"globalMaxPooling1d"> & KeepDims<Q>,
  ): Mapped<GlobalPool1d<Q, "globalMaxPooling1d">>;

  /** The largest value of each channel over all places: `(height, width, channels)` becomes `(channels)`. */
  globalMaxPooling2d<const Q extends boolean = false>(
    config?: Config<"globalMaxPooling2d"> & KeepDims<Q>,
  ): Mapped<GlobalPool2d<Q, "globalMaxPooling2d">>;

  /** The mean of each channel over all steps: `(steps, channels)` becomes `(channels)`. */
  globalAveragePooling1d<const Q extends boolean = false>(
    config?: Config<"globalAveragePooling1d"> & KeepDims<Q>,
  ): Mapped<GlobalPool1d<Q, "globalAveragePooling1d">>;

  /** The mean of each channel over all places: `(height, width, channels)` becomes `(channels)`. */
  globalAveragePooling2d<const Q extends boolean = false>(
    config?: Config<"globalAveragePooling2d"> & KeepDims<Q>,
  ): Mapped<GlobalPool2d<Q, "globalAveragePooling2d">>;

  /** All values of a row after one another: `(28, 28, 1)` becomes `(784)`. */
  flatten(config?: Config<"flatten">): Mapped<Flattened>;

  /** The values of a row in other axes, as many as before; one size may be -1, which is what is left. */
  reshape<const T extends readonly (number | null)[]>(
    config: Config<"reshape", "targetShape"> & {
      /** The sizes of a row, without the batch. */
      readonly targetShape: T;
    },
  ): Mapped<Reshaped<T>>;

  /** A row `n` times, as the steps of a sequence: `(features)` becomes `(n, features)`. */
  repeatVector<const N extends number>(
    config: Config<"repeatVector", "n"> & {
      /** How many steps. */
      readonly n: N;
    },
  ): Mapped<Repeated<N>>;

  /** A vector of weights for each whole number from 0 to `inputDim - 1`: `(length)` becomes `(length, outputDim)`. */
  embedding<const U extends number>(
    config: Config<"embedding", "outputDim"> & {
      /** How many values stand for one number. */
      readonly outputDim: U;
    },
  ): Mapped<OneAxisMore<U>>;

  /** Long short-term memory (Hochreiter & Schmidhuber, 1997): `(steps, features)` becomes `(units)`, or `(steps, units)` with `returnSequences: true`. */
  readonly lstm: RecurrentLayer<"lstm">;

  /**
   * A gated recurrent unit (Cho et al., EMNLP 2014): `(steps, features)` becomes `(units)`, or `(steps, units)` with
   * `returnSequences: true`.
   */
  readonly gru: RecurrentLayer<"gru", ResetAfter>;

  /** A recurrent layer without gates: `(steps, features)` becomes `(units)`, or `(steps, units)` with `returnSequences: true`. */
  readonly simpleRNN: RecurrentLayer<"simpleRNN">;

  /** A function of each value, such as `"relu"`; `"softmax"` goes along the last axis. Shapes stay. */
  activation(config: Config<"activation">): Mapped<SameShape>;

  /** Each channel with mean 0 and variance 1 over the batch, then scaled and shifted (Ioffe & Szegedy, ICML 2015). Shapes stay. */
  batchNormalization(config?: Config<"batchNormalization">): Mapped<SameShape>;

  /** Each row with mean 0 and variance 1 along the last axis, then scaled and shifted (Ba et al., 2016). Shapes stay. */
  layerNormalization(config?: Config<"layerNormalization">): Mapped<SameShape>;

  /** Leaves out a share `rate` of the values while training and enlarges the others (Srivastava et al., JMLR 2014). Shapes stay. */
  dropout(config: Config<"dropout">): Mapped<SameShape>;

  /** Leaves out a share `rate` of the channels while training. Shapes stay. */
  spatialDropout1d(config: Config<"spatialDropout1d">): Mapped<SameShape>;

  /** Adds normal noise of deviation `stddev` while training. Shapes stay. */
  gaussianNoise(config: Config<"gaussianNoise">): Mapped<SameShape>;

  /** Multiplies by normal noise of mean 1 and the variance of dropout while training. Shapes stay. */
  gaussianDropout(config: Config<"gaussianDropout">): Mapped<SameShape>;

  /** `max(0, x)`. Shapes stay. */
  reLU(config?: Config<"reLU">): Mapped<SameShape>;

  /** `x` above 0, `alpha · x` below it, 0.3 by default. Shapes stay. */
  leakyReLU(config?: Config<"leakyReLU">): Mapped<SameShape>;

  /** `x` above 0, `alpha · (exp(x) - 1)` below it. Shapes stay. Clevert, Unterthiner & Hochreiter, ICLR 2016. */
  elu: typeof elu;

  /** `x` above 0, below it `x` times a weight of each place, which is learned. Shapes stay. */
  prelu(config?: Config<"prelu">): Mapped<SameShape>;

  /** Positive numbers with the sum 1 along `axis`, by default the last one. The losses of `fit` want the logits before it. Shapes stay. */
  softmax(config?: Config<"softmax">): Mapped<SameShape>;

  /** Tells recurrent layers to skip the steps whose values are all `maskValue`, 0 by default. Shapes stay. */
  masking(config?: Config<"masking">): Mapped<SameShape>;

  /** Images `(n, any, any, channels)` of another size, `(n, height, width, channels)`, without smoothing before. */
  resizing: typeof resizing;

  /** The middle of images, `(n, height, width, channels)`; those that are smaller are cropped to the shape and enlarged. */
  centerCrop: typeof centerCrop;

  /**
   * Whole numbers from 0 to `numTokens - 1` as vectors: `(n, values)` becomes `(n, numTokens)`, or `(n, values, numTokens)` with
   * `"oneHot"` of more than one value.
   */
  categoryEncoding: typeof categoryEncoding;

  /** `scale · x + offset`. Shapes stay. */
  rescaling(config?: Config<"rescaling">): Mapped<SameShape>;

  /** Each place `size` times, 2 by default: `(height, width, channels)` becomes `(2 height, 2 width, channels)`. */
  upSampling2d(config?: Config<"upSampling2d">): Mapped<OtherPlaces2d<"kept", "upSampling2d">>;

  /** Zeros around each image, one on each side by default. */
  zeroPadding2d(config?: Config<"zeroPadding2d">): Mapped<OtherPlaces2d<"kept", "zeroPadding2d">>;

  /** Cuts a border off each image. */
  cropping2D(config: Config<"cropping2D">): Mapped<OtherPlaces2d<"kept", "cropping2D">>;
}
