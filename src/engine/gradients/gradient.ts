import tf = require("../parts.cjs");

/** Saved tensors and attributes to the gradients by input name, each computed only if it is asked for. */
type GradientFunction = (dy: tf.Tensor, saved: tf.Tensor[], attrs: unknown) => Record<string, () => tf.Tensor>;

/** Registers the gradient of a kernel with one output, in the place of the one that was there. */
export function setGradient(
  kernelName: string,
  saved: { readonly inputs?: string[]; readonly output?: boolean },
  gradient: GradientFunction,
): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: saved.inputs ?? [],
    outputsToSave: [saved.output ?? false],
    gradFunc: (dy, tensors, attrs) => gradient(dy as tf.Tensor, tensors, attrs),
  });
}

/** Sums `x` over what broadcasting added to `shape`, so that it has that shape again. */
export function sumTo(x: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, x.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(x, axes) : x, shape);
}
