import { tf } from "../../engine/tf.js";
import { forActivation } from "./by-activation.js";
import {
  type NormalOptions,
  RandomNormal,
  RandomUniform,
  TruncatedNormal,
  type UniformOptions,
} from "./distributions.js";
import { Identity, type IdentityOptions } from "./identity.js";
import { Orthogonal, type OrthogonalOptions } from "./orthogonal.js";
import { type FanOptions, VarianceScaling, type VarianceScalingOptions } from "./variance-scaling.js";

/**
 * What gives a layer its first weights, with the moments of Keras.
 *
 * @example
 * layers.dense({ units: 10, kernelInitializer: initializers.heNormal({ seed: 1 }) });
 */
export const initializers = {
  zeros: () => tf.initializers.zeros(),
  ones: () => tf.initializers.ones(),
  constant: ({ value }: { readonly value: number }) => tf.initializers.constant({ value }),
  identity: (options?: IdentityOptions) => new Identity(options),
  randomNormal: (options?: NormalOptions) => new RandomNormal(options),
  randomUniform: (options?: UniformOptions) => new RandomUniform(options),
  truncatedNormal: (options?: NormalOptions) => new TruncatedNormal(options),
  varianceScaling: (options?: VarianceScalingOptions) => new VarianceScaling(options),
  /** Glorot & Bengio, AISTATS 2010: variance 2 / (fanIn + fanOut). */
  glorotNormal: (options?: FanOptions) => new VarianceScaling({ ...options, mode: "fanAvg" }),
  glorotUniform: (options?: FanOptions) => new VarianceScaling({ ...options, mode: "fanAvg", distribution: "uniform" }),
  /** He et al., ICCV 2015: variance 2 / fanIn. */
  heNormal: (options?: FanOptions) => new VarianceScaling({ ...options, scale: 2 }),
  heUniform: (options?: FanOptions) => new VarianceScaling({ ...options, scale: 2, distribution: "uniform" }),
  /** LeCun et al., Efficient BackProp, 1998: variance 1 / fanIn. */
  leCunNormal: (options?: FanOptions) => new VarianceScaling(options),
  leCunUniform: (options?: FanOptions) => new VarianceScaling({ ...options, distribution: "uniform" }),
  orthogonal: (options?: OrthogonalOptions) => new Orthogonal(options),
  /**
   * Zeros for the `gammaInitializer` of the last normalisation in a residual branch, so that the block starts as its skip
   * connection (Goyal et al., 2017; He et al., Bag of Tricks, CVPR 2019).
   */
  zeroGamma: () => tf.initializers.zeros(),
  forActivation,
};
