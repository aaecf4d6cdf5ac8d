import { show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import type { Shape } from "./shapes.js";
import "./stock/checked-apply.js";
import type { RowOf, Value } from "./value.js";
import { subtract as subtraction } from "./wrappers/subtract.js";

/** Two symbolic tensors or more. */
type Several = readonly [tf.SymbolicTensor, tf.SymbolicTensor, ...tf.SymbolicTensor[]];

/** The shape that all inputs have, if the compiler sees that they have one. */
type Common<Xs extends Several> = RowOf<Xs[1]> extends RowOf<Xs[0]> ? RowOf<Xs[0]> : Shape;

/**
 * The sum of symbolic tensors, of one shape; a size of 1 goes with any.
 * @throws ShapeError if the shapes differ.
 *
 * @example
 * const y = add([x, x.pipe(layers.dense({ units: 16, activation: "relu" }), layers.dense({ units: 16 }))]);
 */
export function add<const Xs extends Several>(inputs: Xs): Value<Common<Xs>> {
  return combined("add", tf.layers.add(), inputs);
}

/**
 * The first of two symbolic tensors minus the second, element by element, of one shape; a size of 1 goes with any.
 * @throws ShapeError if the shapes differ.
 */
export function subtract<const Xs extends readonly [tf.SymbolicTensor, tf.SymbolicTensor]>(
  inputs: Xs,
): Value<Common<Xs>> {
  return combined("subtract", subtraction(), inputs);
}

/** The product of symbolic tensors, element by element, of one shape; a size of 1 goes with any. */
export function multiply<const Xs extends Several>(inputs: Xs): Value<Common<Xs>> {
  return combined("multiply", tf.layers.multiply(), inputs);
}

/** The mean of symbolic tensors, element by element, of one shape; a size of 1 goes with any. */
export function average<const Xs extends Several>(inputs: Xs): Value<Common<Xs>> {
  return combined("average", tf.layers.average(), inputs);
}

/** The larger of symbolic tensors, element by element, of one shape; a size of 1 goes with any. */
export function maximum<const Xs extends Several>(inputs: Xs): Value<Common<Xs>> {
  return combined("maximum", tf.layers.maximum(), inputs);
}

/** The smaller of symbolic tensors, element by element, of one shape; a size of 1 goes with any. */
export function minimum<const Xs extends Several>(inputs: Xs): Value<Common<Xs>> {
  return combined("minimum", tf.layers.minimum(), inputs);
}

/**
 * Symbolic tensors side by side.
 * @param axis - Counted with the axis of the batch, so 1 is the first of a row; the others have equal sizes. -1, the default,
 * is the last: the features of rows, the channels of images.
 * @throws ShapeError if the sizes of another axis differ.
 *
 * @example
 * const y = concat([x, x.pipe(layers.conv2d({ filters: 12, kernelSize: 3, padding: "same" }))]); // as in DenseNet
 */
export function concat<const Xs extends Several>(inputs: Xs, axis = -1): Value<Joined<RowOf<Xs[0]>>> {
  return combined("concat", tf.layers.concatenate({ axis }), inputs);
}

/** As many axes as before; their sizes are known when the model is built. */
type Joined<Row extends Shape> = { readonly [Axis in keyof Row]: number | null };

function combined<Row extends Shape>(where: string, layer: tf.layers.Layer, inputs: Several): Value<Row> {
  const isList = Array.isArray(inputs) && inputs.length > 1;
  if (!isList || !inputs.every((x) => x instanceof tf.SymbolicTensor)) {
    throw new OptionError(
      `${where}: takes an array of two symbolic tensors or more, got ${show(inputs)}. Write ${where}([a, b]).`,
    );
  }
  return layer.apply([...inputs]) as Value<Row>;
}
