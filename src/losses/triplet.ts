import { checkNumber } from "../core/check.js";
import { tf } from "../engine/tf.js";
import { type Distance, distanceNames, distancesOf, notItself } from "./distances.js";
import type { Loss } from "./loss.js";
import { type LossOptions, lossOptions } from "./loss-options.js";
import { makeLoss } from "./make-loss.js";
import { sameGroup } from "./targets.js";

export interface TripletOptions extends LossOptions {
  /** How much nearer a row of the same group shall be than one of another; `"soft"` wants ever more, `log(1 + exp(.))`. @default 1 */
  readonly margin?: number | "soft";
  /**
   * `"hard"`: the farthest row of the own group and the nearest of another (Hermans, Beyer & Leibe, 2017). `"semiHard"`: every
   * row of the own group with the nearest of another that is farther away, or else with the farthest (Schroff et al., CVPR
   * 2015), which mislabelled rows mislead less; takes memory with the cube of the batch. @default "semiHard"
   */
  readonly mining?: "hard" | "semiHard";
  /** @default "euclidean" */
  readonly distance?: Distance;
}

/** Farther than any row. */
const far = 1e30;

/**
 * `max(margin + d(row, own group) - d(row, other group), 0)` with the rows of the batch: what belongs together comes nearer
 * than what does not. Rows without another of their group, or without one of another group, have no loss and do not count.
 */
export function triplet(options: TripletOptions = {}): Loss {
  const kinds = { margin: checkMargin, mining: ["hard", "semiHard"], distance: distanceNames } as const;
  const defaults = { margin: 1, mining: "semiHard", distance: "euclidean" } as const;
  const checked = lossOptions<TripletOptions>("triplet", options, kinds, defaults);
  const { margin, mining, distance } = checked.all;
  const over = (lack: tf.Tensor) => (margin === "soft" ? tf.softplus(lack) : tf.relu(tf.add(lack, margin)));
  const lossOf = mining === "hard" ? hardest : semiHard;
  return makeLoss(checked, {
    outputs: "numbers",
    targets: "groups",
    each(yTrue, yPred, where) {
      const groups = groupsOf(sameGroup(where, yTrue, yPred));
      const counts = groups.hasBoth;
      return { values: tf.mul(lossOf(distancesOf(yPred, distance), groups, over), counts), counts };
    },
  });
}

interface Groups {
  /** 1 for another row of the same group, shape `(nSamples, nSamples)`. */
  readonly own: tf.Tensor;
  /** Whether a row is of another group. */
  readonly isOther: tf.Tensor;
  /** 1 for the rows that have both, shape `(nSamples,)`. */
  readonly hasBoth: tf.Tensor;
}

function groupsOf(isSame: tf.Tensor): Groups {
  const own = tf.mul(tf.cast(isSame, "float32"), notItself(isSame.shape[0]!));
  const isOther = tf.logicalNot(isSame);
  const hasBoth = tf.mul(tf.max(own, -1), tf.max(tf.cast(isOther, "float32"), -1));
  return { own, isOther, hasBoth };
}

type Over = (lack: tf.Tensor) => tf.Tensor;

function hardest(d: tf.Tensor, { own, isOther }: Groups, over: Over): tf.Tensor {
  const farthestOwn = tf.max(tf.mul(d, own), -1);
  const nearestOther = tf.min(tf.where(isOther, d, tf.fill(d.shape, far)), -1);
  return over(tf.sub(farthestOwn, nearestOther));
}

/** The mean over the rows of the own group. */
function semiHard(d: tf.Tensor, { own, isOther }: Groups, over: Over): tf.Tensor {
  const nRows = d.shape[0]!;
  const cube = [nRows, nRows, nRows];
  const toOwn = tf.expandDims(d, 2);
  const toOther = tf.broadcastTo(tf.expandDims(d, 1), cube);
  const isFarther = tf.logicalAnd(tf.expandDims(isOther, 1), tf.greater(toOther, toOwn));
  const nearestFarther = tf.min(tf.where(isFarther, toOther, tf.fill(cube, far)), -1);
  const farthest = tf.max(tf.where(isOther, d, tf.zerosLike(d)), -1, true);
  const other = tf.where(tf.any(isFarther, -1), nearestFarther, tf.broadcastTo(farthest, d.shape));
  const losses = tf.mul(over(tf.sub(d, other)), own);
  return tf.div(tf.sum(losses, -1), tf.maximum(tf.sum(own, -1), 1));
}

function checkMargin(where: string, option: string, value: unknown): void {
  if (value !== "soft") checkNumber(where, option, value as number, { above: 0, advice: 'Or "soft".' });
}
