import tf = require("../parts.cjs");

// The gradient by one operand is the einsum of `dy` with the other; what only that operand has was summed away, so it is
// the same along there.
tf.registerGradient({
  kernelName: "Einsum",
  saveAllInputs: true,
  gradFunc: (dy, operands, attrs) => {
    const { equation } = attrs as unknown as tf.EinsumAttrs;
    const [left, result] = equation.replaceAll(" ", "").split("->") as [string, string];
    const terms = left.split(",");
    const gradients = operands.map((operand, i) => () => {
      const own = [...terms[i]!];
      const others = operands.filter((_, j) => j !== i);
      const sources = [result, ...terms.filter((_, j) => j !== i)];
      const known = own.filter((label) => sources.some((source) => source.includes(label)));
      const partial = tf.einsum(`${sources.join(",")}->${known.join("")}`, dy as tf.Tensor, ...others);
      const shape = own.map((label, j) => (known.includes(label) ? operand.shape[j]! : 1));
      return tf.broadcastTo(tf.reshape(partial, shape), operand.shape);
    });
    return Object.fromEntries(gradients.entries());
  },
});
