import { ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";

/** What every layer takes: `name`, `trainable`, `inputShape`, ... */
export type LayerConfig = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;

/** What a layer is called with beside its inputs. */
export interface CallArguments {
  readonly training?: boolean;
  readonly mask?: tf.Tensor | tf.Tensor[] | null;
}

/** The one input of a layer; TensorFlow.js passes it in an array or bare. */
export function only<T>(inputs: T | T[]): T {
  return Array.isArray(inputs) ? inputs[0]! : inputs;
}

/** Lets saved models name the class: `static className` is what their files say. */
export function register<T extends tf.serialization.SerializableConstructor<tf.serialization.Serializable>>(
  layerClass: T,
): T {
  tf.serialization.registerClass(layerClass);
  return layerClass;
}

/** @throws ShapeError unless the input, its batch axis included, has one of `ranks`. */
export function checkRank(layer: tf.layers.Layer, inputShape: tf.Shape, ranks: readonly number[], takes: string): void {
  if (ranks.includes(inputShape.length)) return;
  throw new ShapeError(`${layer.name}: takes ${takes}, got ${rowText(inputShape)}.`);
}

/** A shape as errors write it: `(n, 28, 28, 1)`. */
export function rowText(shape: tf.Shape): string {
  return `(${shape.map((size, i) => size ?? (i === 0 ? "n" : "any")).join(", ")})`;
}
