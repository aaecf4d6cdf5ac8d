import { ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import type { Loss, LossConfig, OutputKind, Reduction, TargetKind } from "./loss.js";
import { shapeText } from "./targets.js";

/** What a loss is made of. */
export interface LossParts {
  readonly config: LossConfig;
  readonly outputs: OutputKind;
  readonly targets: TargetKind;
  readonly reduction: Reduction;
  each(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor;
  /** The mean of `each`, where that takes fewer operations. */
  mean?(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor;
  /** 1 for each loss that counts and 0 for the others, whose loss is 0. @default all count */
  counts?(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor;
  /** The whole loss, where it is no sum over samples. */
  whole?(yTrue: tf.Tensor, yPred: tf.Tensor, weights?: tf.Tensor): tf.Tensor;
}

export function makeLoss(parts: LossParts): Loss {
  const { config, outputs, targets, reduction } = parts;
  const where = `losses.${config.name}`;
  const call = (yTrue: tf.Tensor, yPred: tf.Tensor, weights?: tf.Tensor): tf.Scalar => {
    if (parts.whole) return parts.whole(yTrue, yPred, weights) as tf.Scalar;
    if (parts.mean && weights === undefined && reduction !== "sum") return parts.mean(yTrue, yPred) as tf.Scalar;
    const values = parts.each(yTrue, yPred);
    const fitting = weights && weightsFor(where, weights, values.shape);
    return reduce(values, reduction, parts.counts?.(yTrue, yPred), fitting) as tf.Scalar;
  };
  const each = (yTrue: tf.Tensor, yPred: tf.Tensor) => parts.each(yTrue, yPred);
  Object.defineProperty(call, "name", { value: config.name });
  return Object.assign(call, { config, outputs, targets, each });
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
