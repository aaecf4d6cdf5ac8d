// TensorFlow.js turns the regularizer of a weight into a function that a layer keeps: the losses of a model then miss those of
// recurrent cells and of bidirectional layers, have those of a shared layer twice and those of a frozen one at all. Here the
// regularizer stays with the weight.
import { tf } from "../../engine/tf.js";

export type LayerVariable = tf.layers.Layer["weights"][number];
export type Regularizer = ReturnType<typeof tf.regularizers.l1>;
type AddWeight = (
  name: string,
  shape: tf.Shape,
  dtype?: tf.DataType,
  initializer?: unknown,
  regularizer?: Regularizer | null,
  ...rest: unknown[]
) => LayerVariable;

const regularizers = new WeakMap<LayerVariable, Regularizer>();
const layerVariables = new WeakMap<tf.Tensor, LayerVariable>();

const layerPrototype = tf.layers.Layer.prototype as unknown as { addWeight: AddWeight };
const { addWeight } = layerPrototype;

layerPrototype.addWeight = function (name, shape, dtype, initializer, regularizer, ...rest) {
  const weight = addWeight.call(this, name, shape, dtype, initializer, null, ...rest);
  if (regularizer) regularizers.set(weight, regularizer);
  layerVariables.set(weight.read(), weight);
  return weight;
};

export function regularizerOf(weight: LayerVariable): Regularizer | null {
  return regularizers.get(weight) ?? null;
}

export function setRegularizer(weight: LayerVariable, regularizer: Regularizer | null): void {
  if (regularizer === null) regularizers.delete(weight);
  else regularizers.set(weight, regularizer);
}

/** The weight of a layer whose numbers are in `variable`. */
export function layerVariableOf(variable: tf.Variable): LayerVariable | undefined {
  return layerVariables.get(variable);
}
