import { DataError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { weightsByKey } from "./model-weights.js";

/** What a model file says about the model besides its weights. */
export interface ModelDescription {
  readonly className: string;
  readonly config: tf.serialization.ConfigDict;
  /** Paths of the layers, and models inside it (`""` for itself), that were frozen: not all say so in their `config`. */
  readonly frozenLayers: readonly string[];
  /** Keys of the weights that training leaves alone. */
  readonly frozenWeights: readonly string[];
  /** Keys of weights that are another one, each with the key of that one: a layer in two of the models. */
  readonly sharedWeights: Readonly<Record<string, string>>;
}

export function describeModel(model: tf.LayersModel): ModelDescription {
  const weights = weightsByKey(model);
  const firstKeys = new Map<unknown, string>();
  const shared: [string, string][] = [];
  for (const [key, variable] of weights) {
    const first = firstKeys.get(variable.read());
    if (first === undefined) firstKeys.set(variable.read(), key);
    else shared.push([key, first]);
  }
  return {
    className: model.getClassName(),
    config: model.getConfig() as tf.serialization.ConfigDict,
    frozenLayers: pathsAndLayers("", model).flatMap(([path, layer]) => (layer.trainable ? [] : [path])),
    frozenWeights: [...weights].flatMap(([key, { trainable }]) => (trainable ? [] : [key])),
    sharedWeights: Object.fromEntries(shared),
  };
}

/** The model that {@link describeModel} described, its weights not yet set. */
export function buildModel(description: ModelDescription): tf.LayersModel {
  const model = buildLayers(description);
  const weights = weightsByKey(model);
  for (const [key, first] of Object.entries(description.sharedWeights)) {
    const variable = weights.get(key);
    const value = weights.get(first)?.read();
    if (variable === undefined || value === undefined) throw new DataError(`no weight ${key} to share`);
    variable.dispose();
    Object.assign(variable, { val: value, dispose() {} }); // its first owner disposes it
  }
  const frozenLayers = new Set(description.frozenLayers);
  // Each after the model around it, which hands what it is set to on to its layers.
  for (const [path, layer] of pathsAndLayers("", model)) layer.trainable = !frozenLayers.has(path);
  const frozenWeights = new Set(description.frozenWeights);
  for (const [key, variable] of weights) variable.trainable = !frozenWeights.has(key);
  return model;
}

/** The layers of a model without their first weights, some of which take seconds to make: those of a file follow. */
export function buildLayers({ className, config }: Pick<ModelDescription, "className" | "config">): tf.LayersModel {
  const registered = tf.serialization.SerializationMap.getMap().classNameMap[className];
  if (registered === undefined) throw new DataError(`unknown class ${className}`);
  const [modelClass, fromConfig] = registered;
  const build = fromConfig as (...args: unknown[]) => tf.LayersModel; // the types lack the last argument
  const { registeredVariables } = tf.engine().state;
  const before = new Set(Object.keys(registeredVariables));
  try {
    return build(modelClass, config, {}, true);
  } catch (error) {
    for (const [name, variable] of Object.entries(registeredVariables)) if (!before.has(name)) variable.dispose();
    throw error;
  }
}

/** The first class of a layer that nobody registered, so that a model with it cannot be built. */
export function unknownLayerClass(description: unknown): string | undefined {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  return layerClasses(description).find((name) => !Object.hasOwn(classNameMap, name));
}

/** Of a model's description, as TensorFlow.js (`className`) or Keras (`class_name`) spells it. */
function layerClasses(description: unknown): string[] {
  if (Array.isArray(description)) return description.flatMap(layerClasses);
  if (typeof description !== "object" || description === null) return [];
  const { className, class_name, config } = description as Record<string, unknown>;
  const name = className ?? class_name;
  const inner = Array.isArray(config) ? config : layersWithin(config);
  return [...(typeof name === "string" ? [name] : []), ...layerClasses(inner)];
}

function layersWithin(config: unknown): unknown[] {
  if (typeof config !== "object" || config === null) return [];
  const { layers = [], layer, cell, cells = [] } = config as Record<string, unknown>;
  return [layers, layer, cell, cells].flat();
}

function pathsAndLayers(path: string, layer: tf.layers.Layer): [path: string, layer: tf.layers.Layer][] {
  const inner = layer instanceof tf.LayersModel ? layer.layers : [];
  const prefix = path === "" ? "" : `${path}/`;
  return [[path, layer], ...inner.flatMap((inner) => pathsAndLayers(prefix + inner.name, inner))];
}
