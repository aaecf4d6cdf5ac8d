import { tf } from "../engine/tf.js";
import { type Distance, distanceNames, distancesOf, notItself } from "./distances.js";
import type { Loss } from "./loss.js";
import { type LossOptions, lossOptions } from "./loss-options.js";
import { makeLoss } from "./make-loss.js";
import { sameGroup } from "./targets.js";

export interface ContrastiveOptions extends LossOptions {
  /** How far apart rows of different groups shall be. @default 1 */
  readonly margin?: number;
  /** @default "euclidean" */
  readonly distance?: Distance;
}

/**
 * `d^2` for two rows of one group, `max(margin - d, 0)^2` for two of different groups; the loss of a row is the mean over its
 * pairs with all other rows of the batch. Hadsell, Chopra & LeCun, CVPR 2006.
 *
 * @example
 * losses.contrastive()(tf.tensor1d([0, 0, 1]), embeddings); // rows 0 and 1 belong together
 */
export function contrastive(options: ContrastiveOptions = {}): Loss {
  const kinds = { margin: { above: 0 }, distance: distanceNames } as const;
  const defaults = { margin: 1, distance: "euclidean" } as const;
  const checked = lossOptions<ContrastiveOptions>("contrastive", options, kinds, defaults);
  const { margin, distance } = checked.all;
  return makeLoss(checked, {
    outputs: "numbers",
    targets: "groups",
    each(yTrue, yPred, where) {
      const isSame = tf.cast(sameGroup(where, yTrue, yPred), "float32");
      const nRows = yPred.shape[0]!;
      const d = distancesOf(yPred, distance);
      const near = tf.mul(isSame, tf.square(d));
      const far = tf.mul(tf.sub(1, isSame), tf.square(tf.relu(tf.sub(margin, d))));
      return tf.div(tf.sum(tf.mul(tf.add(near, far), notItself(nRows)), -1), Math.max(1, nRows - 1));
    },
  });
}
