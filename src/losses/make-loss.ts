import { ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import type { Loss, OutputKind, Reduction, TargetKind } from "./loss.js";
import type { Checked, LossOptions } from "./loss-options.js";
import { shapeText } from "./targets.js";

/** What a loss is made of; `where` begins its errors. */
export interface LossParts {
  readonly outputs: OutputKind;
  readonly targets: TargetKind;
  each(yTrue: tf.Tensor, yPred: tf.Tensor, where: string): tf.Tensor | CountedLosses;
  /** The mean of `each`, where that takes fewer operations. */
  mean?(yTrue: tf.Tensor, yPred: tf.Tensor, where: string): tf.Tensor;
  /** The whole loss, where it is no sum over samples. */
  whole?(yTrue: tf.Tensor, yPred: tf.Tensor, weights?: tf.Tensor): tf.Tensor;
}

/** Losses of which some do not count. */
export interface CountedLosses {
  /** 0 where a loss does not count. */
  readonly values: tf.Tensor;
  /** 1 for each loss that counts, 0 for the others. */
  readonly counts: tf.Tensor;
}

export function makeLoss({ all, config }: Checked<LossOptions>, parts: LossParts): Loss {
  const { reduction } = all;
  const where = `losses.${config.name}`;
  const counted = (yTrue: tf.Tensor, yPred: tf.Tensor): Partial<CountedLosses> & Pick<CountedLosses, "values"> => {
    const losses = parts.each(yTrue, yPred, where);
    return losses instanceof tf.Tensor ? { values: losses } : losses;
  };
  const call = (yTrue: tf.Tensor, yPred: tf.Tensor, weights?: tf.Tensor): tf.Scalar => {
    if (parts.whole) return parts.whole(yTrue, yPred, weights) as tf.Scalar;
    if (parts.mean && weights === undefined && reduction !== "sum") return parts.mean(yTrue, yPred, where) as tf.Scalar;
    const { values, counts } = counted(yTrue, yPred);
    const fitting = weights && weightsFor(where, weights, values.shape);
    return reduce(values, reduction, counts, fitting) as tf.Scalar;
  };
  const each = (yTrue: tf.Tensor, yPred: tf.Tensor) => counted(yTrue, yPred).values;
  Object.defineProperty(call, "name", { value: config.name });
  return Object.assign(call, { config, outputs: parts.outputs, targets: parts.targets, each });
}

/** Weights that multiply losses of `shape`: one for each sample, or for each step of it. */
export function weightsFor(where: string, weights: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const nRows = shape[0]!;
  const floats = weights.dtype === "float32" ? weights : tf.cast(weights, "float32");
  if (weights.shape[0] === nRows) {
    if (weights.rank === shape.length && weights.shape.every((size, i) => size === shape[i])) return floats;
    if (weights.size === nRows) return tf.reshape(floats, [nRows, ...shape.slice(1).map(() => 1)]);
  }
  const steps = shape.length > 1 ? ` or one for each step, ${shapeText(shape)}` : "";
  throw new ShapeError(
    `${where}: weights must be one for each sample, (${nRows})${steps}, got shape ${shapeText(weights.shape)}.`,
  );
}

function reduce(values: tf.Tensor, reduction: Reduction, counts?: tf.Tensor, weights?: tf.Tensor): tf.Tensor {
  if (!counts && !weights && reduction !== "sum") return tf.mean(values);
  const total = tf.sum(weights ? tf.mul(values, weights) : values);
  if (reduction === "sum") return total;
  if (reduction === "weightedMean" && weights) {
    // Weights of samples hold for all their steps.
    const all = weights.size === values.size ? weights : tf.broadcastTo(weights, values.shape);
    return tf.div(total, orOne(tf.sum(counts ? tf.mul(all, counts) : all)));
  }
  return tf.div(total, counts ? orOne(tf.sum(counts)) : values.size);
}

/** A sum to divide by: 1 where nothing counts, so that the loss is 0 and no NaN. */
function orOne(sum: tf.Tensor): tf.Tensor {
  return tf.where(tf.equal(sum, 0), tf.onesLike(sum), sum);
}
