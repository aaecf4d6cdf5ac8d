import { engine, type Scalar, type Variable, variableGrads } from "@tensorflow/tfjs-core";

/** `tf.variableGrads` that also frees what it kept for the backward pass if `f` or a gradient throws. */
export function variableGradients(f: () => Scalar, variables: Variable[]): ReturnType<typeof variableGrads> {
  try {
    return variableGrads(f, variables);
  } catch (error) {
    const { state } = engine();
    for (const node of state.activeTape ?? []) for (const tensor of node.saved ?? []) tensor.dispose();
    state.activeTape = [];
    throw error;
  }
}
