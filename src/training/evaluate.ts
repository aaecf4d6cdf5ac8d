import type { Metrics } from "../callbacks/callback.js";
import type { tf } from "../engine/tf.js";
import { type LossFunction, type LossName, lossFunction, lossName } from "../losses/loss.js";
import type { LabelledRows } from "./fit-options.js";
import { measure, measuring } from "./inference.js";
import { checkMetrics, type MetricName, meterFor } from "./metrics.js";
import { checkLossFits, modelSpec } from "./model-spec.js";
import type { Numbers } from "./number-block.js";
import { rememberedLoss } from "./output-kind.js";
import { checkSamples } from "./samples.js";

export interface EvaluateOptions {
  /** @default the loss that fit trained the model with */
  readonly loss?: LossName | LossFunction;
  /** @default ["accuracy"] for the cross-entropies, [] otherwise */
  readonly metrics?: readonly MetricName[];
}

/**
 * The loss and the metrics of a trained model on rows of any part, the same as `fit` reports for validation rows.
 *
 * @example
 * const { loss, accuracy } = await evaluate(model, { x: xTest, y: yTest });
 */
export async function evaluate(
  model: tf.LayersModel,
  rows: LabelledRows<Numbers>,
  options: EvaluateOptions = {},
): Promise<Metrics & { readonly loss: number }> {
  const spec = modelSpec("evaluate", model);
  const given = options.loss ?? rememberedLoss("evaluate", model);
  const loss = lossName("evaluate", given) ?? given;
  checkLossFits("evaluate", model, loss);
  const samples = checkSamples("evaluate: rows", rows, spec, loss);
  const meter = meterFor(checkMetrics("evaluate", options.metrics, loss), samples.y, loss);
  const inference = measuring(model, lossFunction(loss), samples, { compiling: "always" });
  try {
    await measure(inference, meter);
    return meter.result();
  } finally {
    inference.dispose();
  }
}
