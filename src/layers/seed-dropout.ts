import type { RandomStream } from "../core/random.js";
import { tf } from "../engine/tf.js";

/** The layers of `model` that draw a mask at each training step. */
export function dropoutLayers(model: tf.LayersModel): tf.layers.Layer[] {
  return model.layers.flatMap((layer) => {
    if (layer instanceof tf.LayersModel) return dropoutLayers(layer);
    return ["Dropout", "SpatialDropout1D"].includes(layer.getClassName()) ? [layer] : [];
  });
}

/**
 * Gives each dropout layer the seed of its next mask. TensorFlow.js reads the seed at each call: a fixed one would repeat one
 * mask for ever, none would make runs differ.
 */
export function seedDropout(layers: readonly tf.layers.Layer[], random: RandomStream): void {
  for (const layer of layers) Object.assign(layer, { seed: 1 + random.integer(2 ** 31 - 1) });
}
