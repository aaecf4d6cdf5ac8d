// Softmax along any axis, and along the last one if none is named: TensorFlow.js takes the last one only, and looks for it at 1.
import { ShapeError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { type CallArguments, only, rowText } from "../own-layer.js";

interface Softmax extends tf.layers.Layer {
  readonly axis: number | readonly number[];
}

type Config = Parameters<typeof tf.layers.softmax>[0];

const prototype = Object.getPrototypeOf(tf.layers.softmax({ name: "any" })) as Softmax;

prototype.call = function (this: Softmax, inputs, kwargs) {
  return tf.tidy(() => {
    const x = seen(this, only(inputs), kwargs);
    const axes = [this.axis].flat().map((axis) => (axis < 0 ? axis + x.rank : axis));
    return axes.length === 1 && axes[0] === x.rank - 1 ? tf.softmax(x) : tf.exp(tf.sub(x, tf.logSumExp(x, axes, true)));
  });
};

// TensorFlow.js forgets the mask of what comes out.
Object.defineProperty(prototype, "supportsMasking", { get: () => true, set: () => {} });

/** Low where the mask is 0. That of whole vectors, which says which of them are padding, leaves nothing of them out. */
function seen(layer: Softmax, x: tf.Tensor, { mask }: CallArguments): tf.Tensor {
  const given = mask ? only(mask) : null;
  if (given === null || (given.rank < x.rank && given.shape.every((size, i) => size === x.shape[i]))) return x;
  const fits =
    given.rank <= x.rank && given.shape.every((size, i) => size === 1 || size === x.shape.at(i - given.rank));
  if (fits) return tf.where(tf.cast(given, "bool"), x, tf.fill(x.shape, -1e9));
  throw new ShapeError(
    `${layer.name}: a mask must have the shape of the inputs, or sizes of 1, got ${rowText(given.shape)} for ${rowText(x.shape)}.`,
  );
}

export function softmax(config: Config = {}): tf.layers.Layer {
  return tf.layers.softmax({ ...config, axis: config?.axis ?? -1 });
}
