import { tf } from "../../engine/tf.js";
import { innerLayers } from "./inner-layers.js";
import { type LayerVariable, regularizerOf } from "./layer-weight.js";

interface LossParts {
  readonly _losses?: readonly (() => tf.Scalar)[];
}

/** What the regularizers of all trainable weights cost, each weight once, and what layers add of their own (`addLoss`). */
function calculateLosses(this: tf.layers.Layer): tf.Scalar[] {
  return tf.tidy(() => [
    ...[...innerLayers(this)].flatMap((layer) => ((layer as unknown as LossParts)._losses ?? []).map((loss) => loss())),
    ...regularized(this).map((weight) => regularizerOf(weight)!.apply(weight.read())),
  ]);
}
// A model has a method of its own, of its class `Container`.
for (const owner of [tf.layers.Layer, Object.getPrototypeOf(tf.LayersModel)]) {
  owner.prototype.calculateLosses = calculateLosses;
}

function regularized(layer: tf.layers.Layer): LayerVariable[] {
  const distinct = new Map(layer.trainableWeights.map((weight) => [weight.read(), weight]));
  return [...distinct.values()].filter((weight) => regularizerOf(weight) !== null);
}

/**
 * What the weights add to the loss of `model`: the sum of Keras' `model.losses`. `null` if nothing can, so that nothing has to
 * be computed.
 */
export function penaltyOf(model: tf.LayersModel): tf.Scalar | null {
  const losses = model.calculateLosses();
  return losses.length === 0
    ? null
    : tf.tidy(() => losses.reduce<tf.Scalar>((sum, loss) => tf.add(sum, loss), tf.scalar(0)));
}
