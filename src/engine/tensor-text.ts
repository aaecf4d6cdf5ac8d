import tf = require("./parts.cjs");

/** What a tensor shows: kind, shape, type, and the first and last of its values. */
function tensorText(tensor: tf.Tensor): string {
  const kind = tensor instanceof tf.Variable ? `Variable ${JSON.stringify(tensor.name)}` : "Tensor";
  const title = `${kind} [${tensor.shape.join(", ")}] ${tensor.dtype}`;
  if (tensor.isDisposed) return `${title} (disposed)`;
  const [, ...values] = tensor.toString().split("\n");
  return [title, ...values].join("\n");
}

// By name and not by import: the rooms for output stand above this one.
const texts = {
  [Symbol.for("Jupyter.display")](this: tf.Tensor) {
    return { "text/plain": tensorText(this) };
  },
  [Symbol.for("nodejs.util.inspect.custom")](this: tf.Tensor) {
    return tensorText(this);
  },
};
for (const symbol of Object.getOwnPropertySymbols(texts)) {
  Object.defineProperty(tf.Tensor.prototype, symbol, { value: Reflect.get(texts, symbol), configurable: true });
}
