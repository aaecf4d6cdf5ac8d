import { tf } from "../../engine/tf.js";
import { activated, applied, type BlockActivation } from "./activation.js";

/** As in the papers' and PyTorch's models; the defaults of TensorFlow.js follow a run ten times as slowly. */
const settings = { momentum: 0.9, epsilon: 1e-5 };

/**
 * Batch normalisation (Ioffe & Szegedy, ICML 2015).
 * @param gamma - Where its scale starts.
 */
export function normalised(x: tf.SymbolicTensor, name: string, gamma = 1): tf.SymbolicTensor {
  const gammaInitializer = tf.initializers.constant({ value: gamma });
  return applied(tf.layers.batchNormalization({ ...settings, gammaInitializer, name }), x);
}

/** Normalised, then through the activation; layers `PREFIX_normSUFFIX` and `PREFIX_ACTIVATIONSUFFIX`. */
export function normActivated(
  x: tf.SymbolicTensor,
  activation: BlockActivation,
  prefix: string,
  suffix: number | "" = "",
): tf.SymbolicTensor {
  return activated(normalised(x, `${prefix}_norm${suffix}`), activation, `${prefix}_${activation}${suffix}`);
}
