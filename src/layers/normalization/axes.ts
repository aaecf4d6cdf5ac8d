import { OptionError, ShapeError } from "../../core/errors.js";
import type { tf } from "../../engine/tf.js";
import { rowText } from "../own-layer.js";

/** One axis of the input or several; 0 is the batch, -1 the last one. */
export type Axes = number | readonly number[];

/** @throws OptionError unless these are whole numbers, at least one. */
export function checkAxes(where: string, axis: Axes): Axes {
  const list = [axis].flat();
  if (list.length > 0 && list.every(Number.isInteger)) return axis;
  throw new OptionError(`${where}: axis must be an integer or some of them, got [${list.join(", ")}].`);
}

/**
 * The axes counted from the first one, in order.
 * @throws ShapeError if the input lacks one, it is the batch, or its size is open.
 */
export function resolvedAxes(layer: tf.layers.Layer, axis: Axes, shape: tf.Shape): number[] {
  const axes = [axis].flat().map((one) => (one < 0 ? one + shape.length : one));
  for (const [i, one] of axes.entries()) {
    if (one < 1 || one >= shape.length || axes.indexOf(one) !== i) {
      throw new ShapeError(
        `${layer.name}: axis must name different axes from 1 to ${shape.length - 1} of ${rowText(shape)}, or from the last one, -1, on; got [${[axis].flat().join(", ")}].`,
      );
    }
    if (shape[one] === null) {
      throw new ShapeError(
        `${layer.name}: needs to know the size of axis ${one}, got ${rowText(shape)}; give it a number.`,
      );
    }
  }
  return axes.sort((a, b) => a - b);
}

/** `shape` where it is one of `axes`, else 1: so that weights of those axes go with the input. */
export function broadcastShape(shape: readonly number[], axes: readonly number[]): number[] {
  return shape.map((size, i) => (axes.includes(i) ? size : 1));
}
