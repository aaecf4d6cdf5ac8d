// Which rows of a sequence are padding goes along with the tensor, as in Keras 3: what a layer gives knows the mask that
// belongs to it. TensorFlow.js hands a layer the mask of its first input alone, and then that mask to every later layer, masked
// or not; and a sum of two masked sequences gets a mask of another rank.
import { tf } from "../../engine/tf.js";
import type { CallArguments } from "../own-layer.js";

/** True where a row counts, shape `(n, steps)`. */
export type Mask = tf.Tensor;

/** Not the `kerasMask` of a tensor, which goes when the tensor goes: masks are shared. */
const maskByTensor = new WeakMap<tf.Tensor, Mask>();

interface MaskingLayer {
  supportsMasking: boolean;
  apply(inputs: unknown, kwargs?: Record<string, unknown>): unknown;
  computeMask(inputs: unknown, masks?: unknown): Mask | Mask[] | null;
  call(inputs: tf.Tensor | tf.Tensor[], kwargs?: CallArguments): tf.Tensor;
}

/** The mask of each input: what came with the tensor, or what the call says. */
export function masksOf(inputs: readonly tf.Tensor[], { mask }: CallArguments = {}): (Mask | null)[] {
  const given = [mask ?? null].flat();
  return inputs.map((input, i) => maskByTensor.get(input) ?? given[i] ?? null);
}

function prototypeOf(instance: object, levels = 1): MaskingLayer {
  let found = instance;
  for (let i = 0; i < levels; i++) found = Object.getPrototypeOf(found);
  return found as MaskingLayer;
}

const layerPrototype = tf.layers.Layer.prototype as unknown as MaskingLayer;
const { apply } = layerPrototype;

layerPrototype.apply = function (this: MaskingLayer, inputs, kwargs = {}) {
  const tensors = [inputs].flat();
  if (!tensors.every((input) => input instanceof tf.Tensor)) return apply.call(this, inputs, kwargs);
  const masks = masksOf(tensors, kwargs);
  const own = { ...kwargs };
  if (masks.some((mask) => mask !== null)) own.mask = masks[0];
  const isModel = this instanceof tf.LayersModel;
  const outputs = apply.call(this, isModel ? withMasks(tensors, masks) : inputs, own);
  // The executor of models passes one object to all layers, and forgets to take the mask out again.
  delete kwargs.mask;
  // What a model computed inside itself, its masks too, is gone.
  const keepsMasks = this.supportsMasking && !isModel;
  const outputMasks = keepsMasks ? [this.computeMask(inputs, Array.isArray(inputs) ? masks : masks[0])].flat() : [];
  for (const [i, output] of ([outputs].flat() as tf.Tensor[]).entries()) {
    const mask = outputMasks[i];
    if (mask) maskByTensor.set(output, mask);
  }
  return outputs;
};

/** Masks that a call of a model brings stay with its inputs, for each layer that takes them. */
function withMasks(tensors: readonly tf.Tensor[], masks: readonly (Mask | null)[]): tf.Tensor[] {
  return tensors.map((tensor, i) => {
    const mask = masks[i];
    if (!mask || maskByTensor.get(tensor) === mask) return tensor;
    const own = tf.clone(tensor);
    maskByTensor.set(own, mask);
    return own;
  });
}

// As in Keras 3: a step counts if it does so in one of the summands.
prototypeOf(tf.layers.add({ name: "any" }), 2).computeMask = (_inputs, masks) => {
  const all = [masks as (Mask | null)[] | null].flat();
  if (all.some((mask) => !mask)) return null;
  return (all as Mask[]).reduce((either, mask) => tf.logicalOr(either, mask));
};

const average = prototypeOf(tf.layers.globalAveragePooling1d({ name: "any" }));
const { call } = average;

// The mean of the steps that count; 0 of a row that is padding alone, where Keras has no number.
average.call = function (this: MaskingLayer, inputs, kwargs) {
  const x = [inputs].flat()[0]!;
  const [mask] = masksOf([x], kwargs);
  if (!mask) return call.call(this, inputs, kwargs);
  return tf.tidy(() => {
    const counts = tf.expandDims(tf.cast(mask, "float32"), 2);
    return tf.div(tf.sum(tf.mul(x, counts), 1), tf.maximum(tf.sum(counts, 1), 1));
  });
};
