import { checkNumber } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import "./depthwise-config.js";

export interface NormOptions {
  /**
   * Over which axes the norm is taken: 0 for the weights of each unit of a dense layer, `[0, 1, 2]` for each filter of a
   * two-dimensional convolution. @default 0
   */
  readonly axis?: number | readonly number[];
}

export interface MaxNormOptions extends NormOptions {
  /** Above 0. @default 2 */
  readonly maxValue?: number;
}

export interface MinMaxNormOptions extends NormOptions {
  /** From 0. @default 0 */
  readonly minValue?: number;
  /** Above 0, not below `minValue`. @default 1 */
  readonly maxValue?: number;
  /** Which part of the way to the bound a step goes, from 0 to 1. @default 1 */
  readonly rate?: number;
}

/**
 * What a weight is brought back to after each step of training: an option such as `kernelConstraint` of a layer. The first weights
 * are held from the first step on. Any `tf.constraints.Constraint` of one's own does as well.
 *
 * @example
 * layers.dense({ units: 16, kernelConstraint: constraints.maxNorm({ maxValue: 3 }) });
 */
export const constraints = {
  /** Norms up to `maxValue` (Srebro & Shraibman, COLT 2005; with dropout: Srivastava et al., JMLR 15, 2014). */
  maxNorm({ maxValue = 2, axis = 0 }: MaxNormOptions = {}) {
    checkNumber("constraints.maxNorm", "maxValue", maxValue, { above: 0 });
    return tf.constraints.maxNorm({ maxValue, axis: checkAxis("constraints.maxNorm", axis) });
  },
  /** Norms from `minValue` to `maxValue`. */
  minMaxNorm({ minValue = 0, maxValue = 1, rate = 1, axis = 0 }: MinMaxNormOptions = {}) {
    const where = "constraints.minMaxNorm";
    checkNumber(where, "minValue", minValue, { atLeast: 0 });
    checkNumber(where, "maxValue", maxValue, { above: 0, atLeast: minValue });
    checkNumber(where, "rate", rate, { atLeast: 0, atMost: 1 });
    return tf.constraints.minMaxNorm({ minValue, maxValue, rate, axis: checkAxis(where, axis) });
  },
  /** What is below 0 becomes 0. */
  nonNegative: () => tf.constraints.nonNeg(),
  /** Norms of 1. */
  unitNorm({ axis = 0 }: NormOptions = {}) {
    return tf.constraints.unitNorm({ axis: checkAxis("constraints.unitNorm", axis) });
  },
};

/** Several axes work in TensorFlow.js, against its types. */
function checkAxis(where: string, axis: number | readonly number[]): number {
  if ([axis].flat().every(Number.isInteger)) return axis as number;
  throw new OptionError(`${where}: axis must be an integer or an array of integers, got ${JSON.stringify(axis)}.`);
}
