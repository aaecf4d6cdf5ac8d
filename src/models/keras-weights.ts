import { DataError, ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { type LayerWeights, layerWeights } from "./model-weights.js";
import type { StoredArray, StoredArrays } from "./safetensors.js";
import type { Assignment } from "./set-weights.js";

/** In the metadata of a file that `keras-to-safetensors.py` made. */
export const kerasFormat = "keras-weights";

interface KerasLayer {
  readonly name: string;
  readonly arrays: readonly [name: string, array: StoredArray][];
}

/**
 * Which array belongs to which weight. Keras and TensorFlow.js order the weights within a layer alike, and lay them out
 * alike; layers belong together by name, and where the names differ, in their order. A `.weights.h5` file knows no names but
 * counts the layers of each class.
 */
export function kerasAssignments(
  where: string,
  path: string,
  model: tf.LayersModel,
  { arrays, metadata }: StoredArrays,
): Assignment[] {
  const saved = kerasLayers(where, path, arrays, metadata);
  const layers = layerWeights(model).filter(({ weights }) => weights.size > 0);
  const pairs = metadata.layersBy === "class" ? pairsByClass(model, layers, saved) : pairsByName(layers, saved);
  return pairs.flatMap(([layer, kerasLayer]) => layerAssignments(where, path, layer, kerasLayer));
}

type Pair = readonly [layer: LayerWeights | undefined, saved: KerasLayer | undefined];

function pairsByName(layers: readonly LayerWeights[], saved: readonly KerasLayer[]): Pair[] {
  const byName = new Map(saved.map((layer) => [layer.name, layer]));
  const named = new Set(layers.flatMap(({ path }) => byName.get(path) ?? []));
  const others = saved.filter((layer) => !named.has(layer));
  const pairs = layers.map((layer): Pair => [layer, byName.get(layer.path) ?? others.shift()]);
  return [...pairs, ...others.map((layer): Pair => [undefined, layer])];
}

function pairsByClass(model: tf.LayersModel, layers: readonly LayerWeights[], saved: readonly KerasLayer[]): Pair[] {
  const byName = new Map(saved.map((layer) => [layer.name, layer]));
  const classPaths = new Map(savedPaths(model));
  const pairs = layers.map((layer): Pair => [layer, byName.get(classPaths.get(layer.layer) ?? "")]);
  const used = new Set(pairs.map(([, layer]) => layer));
  return [...pairs, ...saved.filter((layer) => !used.has(layer)).map((layer): Pair => [undefined, layer])];
}

/** The path of each layer in a `.weights.h5` file: `layers/dense`, `layers/dense_1`, `layers/functional/layers/dense`. */
function savedPaths(model: tf.LayersModel, prefix = ""): [tf.layers.Layer, string][] {
  const counts = new Map<string, number>();
  return model.layers.flatMap((layer) => {
    const name = savedClassName(layer);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    const path = `${prefix}layers/${name}${count === 0 ? "" : `_${count}`}`;
    return layer instanceof tf.LayersModel ? savedPaths(layer, `${path}/`) : [[layer, path]];
  });
}

function savedClassName(layer: tf.layers.Layer): string {
  const name = layer.getClassName();
  if (name === "Model") return "functional";
  return name
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

function layerAssignments(where: string, path: string, ...[layer, saved]: Pair): Assignment[] {
  const file = JSON.stringify(path);
  if (saved === undefined) {
    const { path, layer: missing } = layer!;
    throw new ShapeError(
      `${where}: ${file} has no weights for the layer ${JSON.stringify(path)} (${missing.getClassName()}). Build the same layers as in Keras.`,
    );
  }
  if (layer === undefined) {
    throw new ShapeError(
      `${where}: no layer of the model is left for ${JSON.stringify(saved.name)} of ${file}, with weights ${shapes(saved.arrays.map(([, array]) => array))}. Build the same layers as in Keras.`,
    );
  }
  const weights = [...layer.weights];
  const fits =
    weights.length === saved.arrays.length &&
    weights.every(([, { shape }], i) => String(shape) === String(saved.arrays[i]![1].shape));
  if (!fits) {
    throw new ShapeError(
      `${where}: the layer ${JSON.stringify(layer.path)} (${layer.layer.getClassName()}) has weights ${shapes(weights.map(([, variable]) => variable))}, and ${JSON.stringify(saved.name)} of ${file} has ${shapes(saved.arrays.map(([, array]) => array))}. ${advice(saved)}`,
    );
  }
  return weights.map(([name, variable], i) => {
    const [source, array] = saved.arrays[i]!;
    return { name: `${layer.path}/${name}`, variable, source, array };
  });
}

function shapes(items: readonly { readonly shape: readonly (number | null)[] }[]): string {
  return items.map(({ shape }) => `[${shape}]`).join(" ") || "none";
}

function advice({ arrays }: KerasLayer): string {
  const [kernel, , bias] = arrays.map(([, { shape }]) => shape);
  const isGruWithResetAfter = bias?.length === 2 && bias[0] === 2 && bias[1] === kernel?.[1];
  return isGruWithResetAfter
    ? "Keras has a GRU with reset_after=True by default: make it with resetAfter: true."
    : "Build the same layers as in Keras.";
}

function kerasLayers(
  where: string,
  path: string,
  arrays: StoredArrays["arrays"],
  metadata: StoredArrays["metadata"],
): KerasLayer[] {
  try {
    const layers: [name: string, arrays: string[]][] = JSON.parse(metadata.layers ?? "");
    return layers.map(([name, names]) => ({
      name,
      arrays: names.map((key) => [key, arrays.get(key) ?? fail(key)] as const),
    })) as KerasLayer[];
  } catch (error) {
    throw new DataError(
      `${where}: ${JSON.stringify(path)} does not say which weights its layers have. Make it again with keras-to-safetensors.py.`,
      { cause: error },
    );
  }
}

function fail(key: string): never {
  throw new DataError(`no array ${key}`);
}
