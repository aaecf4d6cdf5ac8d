import type { HostVariables } from "../engine/compiled/host-variables.js";
import { tf } from "../engine/tf.js";
import { layerVariableOf } from "../layers/regularizers/layer-weight.js";
import type { RunOptimizer } from "../optimizers/optimizer.js";

interface Constraint {
  apply(weight: tf.Tensor): tf.Tensor;
}

/** What the layer of a variable demands of its numbers after each step. TensorFlow.js has it in a private field. */
function constraintOf(variable: tf.Variable): Constraint | null {
  const weight = layerVariableOf(variable) as unknown as { readonly constraint?: Constraint | null } | undefined;
  return weight?.constraint ?? null;
}

/** As {@link RunOptimizer.apply}, and then brings the weights that moved back to what their layers demand. */
export function applyAndConstrain(
  optimizer: RunOptimizer,
  gradients: tf.NamedTensorMap,
  variables: readonly tf.Variable[],
): string | null {
  const { step } = optimizer;
  const refused = optimizer.apply(gradients, variables);
  if (optimizer.step === step) return refused;
  for (const variable of variables) {
    const constraint = gradients[variable.name] ? constraintOf(variable) : null;
    if (constraint) tf.tidy(() => variable.assign(constraint.apply(tf.clone(variable))));
  }
  return refused;
}

/** The same for variables that lie in the memory of the process. */
export function constrainOnHost(variables: readonly tf.Variable[], host: HostVariables): void {
  for (const variable of variables) {
    const constraint = constraintOf(variable);
    if (constraint === null) continue;
    const numbers = host.of(variable).read().data as Float32Array;
    tf.tidy(() => numbers.set(constraint.apply(tf.tensor(numbers, variable.shape)).dataSync<"float32">()));
  }
}
