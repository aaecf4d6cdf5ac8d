import type { tf } from "../engine/tf.js";

const noted = new WeakSet<tf.LayersModel>();

/** Says once of each model why it passes rows on operation by operation, which gives the same numbers and takes longer. */
export function noteNotCompiled(where: string, model: tf.LayersModel, reason: string | null): void {
  if (reason === null || noted.has(model)) return;
  noted.add(model);
  console.warn(`${where}: the model runs operation by operation, not as one compiled graph: ${reason}`);
}
