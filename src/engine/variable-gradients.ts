import tf = require("./parts.cjs");

/** `tf.variableGrads` that also frees what it kept for the backward pass if `f` or a gradient throws. */
export function variableGradients(f: () => tf.Scalar, variables: tf.Variable[]): ReturnType<typeof tf.variableGrads> {
  try {
    return tf.variableGrads(f, variables);
  } catch (error) {
    const { state } = tf.engine();
    for (const node of state.activeTape ?? []) for (const tensor of node.saved ?? []) tensor.dispose();
    state.activeTape = [];
    throw error;
  }
}
