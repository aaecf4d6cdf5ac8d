import { tf } from "../engine/tf.js";

/** A weight of a layer; its value is a `tf.Variable`. */
export type LayerVariable = tf.layers.Layer["weights"][number];

export interface LayerWeights {
  /** The names of the models around the layer, the outermost left out, and its own, joined by `/`. */
  readonly path: string;
  readonly layer: tf.layers.Layer;
  /** By their names within the layer, in the layer's own order, which freezing it does not change. */
  readonly weights: ReadonlyMap<string, LayerVariable>;
}

/** The layers of `model`, those of models inside it too; a layer that is used several times comes once for each model. */
export function layerWeights(model: tf.LayersModel, prefix = ""): LayerWeights[] {
  return model.layers.flatMap((layer) => {
    const path = prefix + layer.name;
    if (layer instanceof tf.LayersModel) return layerWeights(layer, `${path}/`);
    return [{ path, layer, weights: namedWeights(layer) }];
  });
}

/**
 * The weights of `model` by layer path and name. TensorFlow.js counts its own names up whenever a cell runs again
 * (`kernel_1`), so those are no keys.
 */
export function weightsByKey(model: tf.LayersModel): Map<string, LayerVariable> {
  const keyed = layerWeights(model).flatMap(({ path, weights }) =>
    [...weights].map(([name, variable]): [string, LayerVariable] => [`${path}/${name}`, variable]),
  );
  return new Map(keyed);
}

/** The same without the weights that are another one too, of which the first key stays. */
export function distinctWeights(model: tf.LayersModel): Map<string, LayerVariable> {
  const seen = new Set<tf.Tensor>();
  return new Map([...weightsByKey(model)].filter(([, variable]) => seen.size < seen.add(variable.read()).size));
}

/** The last part of each weight's name, and a number after a name that a wrapper's inner layers have in common. */
function namedWeights(layer: tf.layers.Layer): Map<string, LayerVariable> {
  const named = new Map<string, LayerVariable>();
  for (const variable of layer.weights) {
    const name = variable.originalName.slice(variable.originalName.lastIndexOf("/") + 1);
    let unique = name;
    for (let i = 1; named.has(unique); i++) unique = `${name}_${i}`;
    named.set(unique, variable);
  }
  return named;
}
