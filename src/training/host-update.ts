import type { HostVariables } from "../engine/compiled/host-variables.js";
import { tf } from "../engine/tf.js";
import type { RunOptimizer } from "../optimizers/optimizer.js";
import { constrainOnHost } from "./constrained-weights.js";

/** The value of `loss`, and the gradient of each variable that it depends on, in the order of `variables`. */
export function valueAndGradients(loss: () => tf.Tensor, variables: readonly tf.Variable[]) {
  const { value, grads } = tf.variableGrads(loss as () => tf.Scalar, [...variables]);
  // A variable that the loss does not depend on has null, against the type.
  const gradients = Object.entries(grads).filter(([, gradient]) => gradient !== null);
  return { value, gradients: Object.fromEntries(gradients) };
}

/** Gradients as outputs of a compiled step. */
export function gradientOutputs(variables: readonly tf.Variable[], gradients: tf.NamedTensorMap): tf.NamedTensorMap {
  const outputs: tf.NamedTensorMap = {};
  for (const [i, { name }] of variables.entries()) if (gradients[name]) outputs[`gradient${i}`] = gradients[name];
  return outputs;
}

/**
 * Moves variables that lie in the memory of the process by what a compiled step computed for {@link gradientOutputs}.
 * @returns The first variable whose gradient is not finite: then none has moved.
 */
export function moveOnHost(
  optimizer: RunOptimizer,
  variables: readonly tf.Variable[],
  host: HostVariables,
  outputs: Readonly<Record<string, unknown>>,
): string | null {
  const moved = variables.flatMap((variable, i) => {
    const gradient = outputs[`gradient${i}`] as Float32Array | undefined;
    return gradient ? [{ variable, held: host.of(variable), gradient }] : [];
  });
  const { step } = optimizer;
  const refused = optimizer.applyArrays(
    moved.map(({ variable: { name, shape }, held, gradient }) => {
      const [weight, out] = [held.read().data as Float32Array, held.next().data as Float32Array];
      return { name, shape, weight, gradient, out };
    }),
  );
  if (optimizer.step === step) return refused;
  for (const { held } of moved) held.swap();
  constrainOnHost(
    moved.map(({ variable }) => variable),
    host,
  );
  return refused;
}

export function trainableVariables(model: tf.LayersModel): tf.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
}
