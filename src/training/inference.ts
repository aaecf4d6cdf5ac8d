import { tf } from "../engine/tf.js";
import type { LossFunction } from "../losses/loss.js";
import { allRows, batches } from "./batches.js";
import { Breather } from "./breather.js";
import type { Meter } from "./meter.js";
import type { SampleTensors } from "./samples.js";
import { totalLoss } from "./train-step.js";

/** Without gradients a batch may be large: the results are the same, and the memory of activations stays bounded. */
const batchSize = 256;

/**
 * Passes the rows of `x` through the model as it is used, not trained, batch after batch.
 * @param take - Gets the outputs of the rows of a batch; they are freed after it.
 * @returns Whether all rows were passed, or a stop was requested before.
 */
export async function infer(
  model: tf.LayersModel,
  x: tf.Tensor,
  take: (rows: Int32Array, outputs: tf.Tensor) => void,
  stopRequested: () => boolean = () => false,
): Promise<boolean> {
  const breather = new Breather();
  for (const rows of batches(allRows(x.shape[0]!), batchSize)) {
    if (stopRequested()) return false;
    tf.tidy(() => take(rows, model.apply(tf.slice(x, rows[0]!, rows.length), { training: false }) as tf.Tensor));
    if (breather.isDue()) await breather.breathe();
  }
  return true;
}

/** Feeds `meter` with all samples. Returns whether it came to the end. */
export function measure(
  model: tf.LayersModel,
  loss: LossFunction,
  { x, y }: SampleTensors,
  meter: Meter,
  stopRequested?: () => boolean,
): Promise<boolean> {
  meter.reset();
  const take = (rows: Int32Array, yPred: tf.Tensor) => {
    const yTrue = tf.slice(y, rows[0]!, rows.length);
    meter.add(rows, totalLoss(model, loss, yTrue, yPred).dataSync()[0]!, yPred.dataSync<"float32">());
  };
  return infer(model, x, take, stopRequested);
}
