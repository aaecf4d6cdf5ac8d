import { tf } from "../engine/tf.js";
import { elementwiseLoss } from "./elementwise-loss.js";
import type { Curve } from "./fused.js";
import type { Loss } from "./loss.js";
import { type LossOptions, lossOptions, type OutputsOptions, outputsOptions } from "./loss-options.js";
import { makeLoss } from "./make-loss.js";
import { classesFor, numbersFor, oneHot } from "./targets.js";

/** How far the score is from the margin on its side. */
const lack = (score: tf.Tensor, side: tf.Tensor) => tf.relu(tf.sub(1, tf.mul(side, score)));

/** Mean of `max(1 - s * yPred, 0)`, where the side `s` is 1 for yes (target 1) and -1 for no (target 0). */
export function hinge(options: OutputsOptions = {}): Loss {
  return scoreLoss("hinge", options, {
    value: (score, side) => lack(score, side!),
    slope: (score, side) => tf.neg(tf.mul(side!, tf.step(lack(score, side!)))),
  });
}

/** Mean of `max(1 - s * yPred, 0)^2`, where the side `s` is 1 for yes (target 1) and -1 for no (target 0). */
export function squaredHinge(options: OutputsOptions = {}): Loss {
  return scoreLoss("squaredHinge", options, {
    value: (score, side) => tf.square(lack(score, side!)),
    slope: (score, side) => tf.mul(side!, lack(score, side!)),
    factor: -2,
  });
}

/**
 * `max(max of (1 - yTrue) * yPred - sum of yTrue * yPred + 1, 0)`: the score of the true class shall be 1 above every other,
 * and above 0.
 */
export function categoricalHinge(options: LossOptions = {}): Loss {
  return makeLoss(lossOptions("categoricalHinge", options, {}), {
    outputs: "classes",
    targets: "classes",
    each(yTrue, yPred, where) {
      const { shares } = classesFor(where, yTrue, yPred);
      const own = tf.sum(tf.mul(shares, yPred), -1);
      const others = tf.mul(tf.sub(1, shares), yPred);
      // The gradient of a maximum goes to each of several equal ones; chosen by place, it goes to one.
      const place = oneHot(tf.argMax(others, -1), yPred.shape.at(-1)!);
      return tf.relu(tf.add(tf.sub(tf.sum(tf.mul(others, place), -1), own), 1));
    },
  });
}

function scoreLoss(name: "hinge" | "squaredHinge", options: OutputsOptions, curve: Curve): Loss {
  return elementwiseLoss(outputsOptions(name, options, {}), {
    outputs: "scores",
    targets: "answers",
    curve,
    at: (yTrue, yPred, where) => [yPred, tf.sub(tf.mul(numbersFor(where, yTrue, yPred), 2), 1)],
  });
}
