import { tf } from "../engine/tf.js";
import type { Loss } from "./loss.js";
import { type Checked, type LossOptions, lossOptions } from "./loss-options.js";
import { makeLoss, weightsFor } from "./make-loss.js";
import { classesFor, columnsOf, numbersFor } from "./targets.js";

export interface DiceOptions extends LossOptions {
  /** Yes-or-no questions, or classes that exclude each other. @default "answers" */
  readonly outputs?: "answers" | "classes";
  /**
   * What is counted together: each sample with all its pixels, or the whole batch, as Keras does; then samples with weights
   * are counted by them, and `reduction` has no say. @default "sample"
   */
  readonly over?: "sample" | "batch";
  /** Count each output or class alone and take the mean, so that small ones weigh as much. @default false */
  readonly perClass?: boolean;
  /** Added above and below the fraction: the loss is 0 where there is nothing to find and nothing was found. @default 1e-7 */
  readonly smooth?: number;
}

export interface TverskyOptions extends DiceOptions {
  /** What a false yes costs beside a hit, from 0. @default 0.5 */
  readonly alpha?: number;
  /** What a missed yes costs beside a hit, from 0. @default 0.5 */
  readonly beta?: number;
}

const kinds = {
  outputs: ["answers", "classes"],
  over: ["sample", "batch"],
  perClass: "flag",
  smooth: { above: 0 },
} as const;
const defaults = { outputs: "answers", over: "sample", perClass: false, smooth: 1e-7 } as const;

/**
 * `1 - 2 * |A and B| / (|A| + |B|)` with probabilities from logits: how much of a mask is not covered, however small it is.
 * The loss of a sample is one number for all its pixels, so `each` has shape `(nSamples,)`. Milletari et al., 3DV 2016.
 */
export function dice(options: DiceOptions = {}): Loss {
  const { all, config } = lossOptions<DiceOptions>("dice", options, kinds, defaults);
  // Halved above and below: the same fraction.
  return overlap({ config, all: { ...all, alpha: 0.5, beta: 0.5, smooth: all.smooth / 2 } });
}

/**
 * {@link dice} with a price for each kind of mistake: `1 - hits / (hits + alpha * falseYes + beta * missed)`. A larger `beta`
 * finds more. Salehi et al., MLMI 2017.
 */
export function tversky(options: TverskyOptions = {}): Loss {
  const price = { atLeast: 0 };
  const allKinds = { ...kinds, alpha: price, beta: price };
  return overlap(lossOptions<TverskyOptions>("tversky", options, allKinds, { ...defaults, alpha: 0.5, beta: 0.5 }));
}

function overlap(checked: Checked<TverskyOptions>): Loss {
  const { all: options, config } = checked;
  const { outputs, over } = options;
  const where = `losses.${config.name}`;
  const lossOver = (nAxes: number, yTrue: tf.Tensor, yPred: tf.Tensor, weights?: tf.Tensor) => {
    const z = columnsOf(yPred);
    const isClasses = outputs === "classes";
    const target = isClasses ? classesFor(where, yTrue, z).shares : numbersFor(where, yTrue, z);
    const p = isClasses ? tf.softmax(z) : tf.sigmoid(z);
    const count = (x: tf.Tensor) => {
      const weighted = weights ? tf.mul(x, tf.expandDims(weightsFor(where, weights, z.shape.slice(0, -1)), -1)) : x;
      const axes = Array.from({ length: z.rank - nAxes - (options.perClass ? 1 : 0) }, (_, i) => i + nAxes);
      return axes.length === 0 ? weighted : tf.sum(weighted, axes);
    };
    const loss = uncovered(target, p, count, options);
    return options.perClass ? tf.mean(loss, -1) : loss;
  };
  const parts = { outputs, targets: outputs };
  if (over === "sample") return makeLoss(checked, { ...parts, each: (yTrue, yPred) => lossOver(1, yTrue, yPred) });
  return makeLoss(checked, {
    ...parts,
    each: (yTrue, yPred) => tf.broadcastTo(lossOver(0, yTrue, yPred), [yPred.shape[0]!]),
    whole: (yTrue, yPred, weights) => lossOver(0, yTrue, yPred, weights),
  });
}

function uncovered(
  target: tf.Tensor,
  p: tf.Tensor,
  count: (x: tf.Tensor) => tf.Tensor,
  { alpha, beta, smooth }: Required<TverskyOptions>,
): tf.Tensor {
  const hits = count(tf.mul(target, p));
  // Each mistake is counted by itself: as a difference of sums it would be lost in rounding.
  const falseYes = count(tf.mul(tf.sub(1, target), p));
  const missed = count(tf.mul(target, tf.sub(1, p)));
  const mistakes = tf.add(tf.mul(falseYes, alpha), tf.mul(missed, beta));
  return tf.div(mistakes, tf.add(tf.add(hits, mistakes), smooth));
}
