import { tf } from "../engine/tf.js";
import { variableGradients } from "../engine/variable-gradients.js";
import type { LossFunction } from "../losses/loss.js";
import type { Optimizer } from "../optimizers/optimizer.js";

/** What one step computed for its batch, before the weights moved. */
export interface StepResult {
  readonly loss: number;
  /** The outputs of the model, row after row. */
  readonly outputs: Float32Array;
}

/** The loss that training minimises and validation reports: of the data, and what the weights cost (L1, L2). */
export function totalLoss(model: tf.LayersModel, loss: LossFunction, yTrue: tf.Tensor, yPred: tf.Tensor): tf.Scalar {
  return model.calculateLosses().reduce<tf.Tensor>((sum, cost) => tf.add(sum, cost), loss(yTrue, yPred)) as tf.Scalar;
}

/** Forward, backward, update. A loss that is not finite leaves the weights as they are. */
export function trainStep(
  model: tf.LayersModel,
  loss: LossFunction,
  optimizer: Optimizer,
  x: tf.Tensor,
  y: tf.Tensor,
): StepResult {
  let lossValue = Number.NaN;
  let outputs: Float32Array = new Float32Array();
  tf.tidy(() => {
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const { value, grads } = variableGradients(() => {
      const yPred = model.apply(x, { training: true }) as tf.Tensor;
      outputs = yPred.dataSync<"float32">();
      return totalLoss(model, loss, y, yPred);
    }, variables);
    lossValue = value.dataSync()[0]!;
    if (Number.isFinite(lossValue)) optimizer.apply(grads, variables);
  });
  return { loss: lossValue, outputs };
}
