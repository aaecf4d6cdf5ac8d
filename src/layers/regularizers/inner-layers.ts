import type { tf } from "../../engine/tf.js";

type Layer = tf.layers.Layer;

/** Where the layers of TensorFlow.js, and wrappers of the same make, keep layers of their own. */
const single = ["layer", "forwardLayer", "backwardLayer", "cell"] as const;
const several = ["layers", "cells"] as const;

/** `layer`, and all layers, models and cells inside it: each once. */
export function innerLayers(layer: Layer, seen = new Set<Layer>()): Set<Layer> {
  if (seen.has(layer)) return seen;
  seen.add(layer);
  const parts = layer as unknown as Readonly<Record<string, Layer | readonly Layer[] | undefined>>;
  for (const name of single) if (parts[name]) innerLayers(parts[name] as Layer, seen);
  for (const name of several)
    for (const inner of (parts[name] as readonly Layer[] | undefined) ?? []) innerLayers(inner, seen);
  return seen;
}
