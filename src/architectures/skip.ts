import type { tf } from "../engine/tf.js";
import type { Block } from "../layers/blocks/block.js";
import { type SkipOptions, skip as skipBlock } from "../layers/blocks/skip.js";

/**
 * `x + f(x)`, or both beside one another: a skip connection around `f`. Where the shapes differ, `x` goes through a dense layer
 * or a convolution of one pixel that makes them fit.
 *
 * @param f - A layer, a block or any function of symbolic tensors.
 * @throws ShapeError if no such layer makes `x` fit.
 *
 * @example
 * build([16], (x) => skip(x, layers.dense({ units: 32, activation: "relu" })));
 */
export function skip(x: tf.SymbolicTensor, f: Block | tf.layers.Layer, options: SkipOptions = {}): tf.SymbolicTensor {
  return skipBlock(f, options)(x);
}
