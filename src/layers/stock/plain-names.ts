// TensorFlow.js counts layers for as long as the process lives, so that a cell that runs again names `conv2d_Conv2D7` what it
// named `conv2d_Conv2D3`. Within a model that is built they are `conv2d_1`, `conv2d_2`, ... whenever the cell runs.
import type { tf } from "../../engine/tf.js";

let names: Set<string> | null = null;

/** The layers that have a name from here. */
const given = new WeakSet<tf.layers.Layer>();

/** Names the layers that `work` applies, as long as nobody has named them. */
export function withPlainNames<T>(work: () => T): T {
  const outer = names;
  names = new Set();
  try {
    return work();
  } finally {
    names = outer;
  }
}

/** Keeps `name` from the layers that have none. */
export function reserveName(name: string): void {
  names?.add(name);
}

export function givePlainName(layer: tf.layers.Layer): void {
  if (names === null) return;
  if (isOwnName(layer) && !layer.built && layer.inboundNodes.length === 0) {
    const kind = layer.name.slice(0, layer.name.lastIndexOf("_"));
    let number = 1;
    while (names.has(`${kind}_${number}`)) number++;
    layer.name = `${kind}_${number}`;
    given.add(layer);
  }
  names.add(layer.name);
}

/**
 * Gives a layer that has a name of ours one that says more, and its weights too; false if somebody named it, or if `name` is
 * taken.
 */
export function rename(layer: tf.layers.Layer, name: string): boolean {
  if (names === null || names.has(name) || !given.has(layer)) return false;
  for (const weight of layer.weights as { originalName: string }[]) {
    weight.originalName = weight.originalName.replace(`${layer.name}/`, `${name}/`);
  }
  layer.name = name;
  names.add(name);
  given.delete(layer);
  return true;
}

/** Whether TensorFlow.js made the name. */
function isOwnName(layer: tf.layers.Layer): boolean {
  return new RegExp(`_${layer.getClassName()}\\d+$`).test(layer.name);
}
