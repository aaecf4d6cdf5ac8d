import type { Metrics } from "../callbacks/callback.js";
import type { tf } from "../engine/tf.js";
import type { LabelledRows } from "./fit-options.js";
import { measure, measuring } from "./inference.js";
import { checkMetrics, type MetricChoice, meterFor } from "./metrics.js";
import { checkLossFits, modelSpec } from "./model-spec.js";
import { noteNotCompiled } from "./note-not-compiled.js";
import { type LossChoice, objectiveOf } from "./objective.js";
import { rememberedLoss } from "./output-kind.js";
import type { Rows } from "./rows.js";
import { checkSamples } from "./samples.js";

export interface EvaluateOptions {
  /** @default the loss that fit trained the model with */
  readonly loss?: LossChoice;
  /** @default ["accuracy"] for classes and answers, [] otherwise */
  readonly metrics?: MetricChoice;
}

/**
 * The loss and the metrics of a trained model on rows of any part, the same as `fit` reports for validation rows.
 *
 * @example
 * const { loss, accuracy } = await evaluate(model, { x: xTest, y: yTest });
 */
export async function evaluate(
  model: tf.LayersModel,
  rows: LabelledRows<Rows, Rows>,
  options: EvaluateOptions = {},
): Promise<Metrics & { readonly loss: number }> {
  const spec = modelSpec("evaluate", model);
  const objective =
    options.loss === undefined
      ? rememberedLoss("evaluate", model, spec)
      : objectiveOf("evaluate", spec, options.loss, undefined);
  for (const [i, { loss }] of objective.outputs.entries()) checkLossFits("evaluate", model, i, loss);
  const samples = checkSamples("evaluate: rows", rows, spec, objective);
  const metrics = checkMetrics("evaluate", options.metrics, objective, spec);
  const meter = meterFor(model, objective, metrics, samples);
  const inference = measuring(model, objective, samples, { compiling: "always" });
  try {
    await measure(inference, meter);
    noteNotCompiled("evaluate", model, inference.notCompiled);
    return meter.result();
  } finally {
    inference.dispose();
  }
}
