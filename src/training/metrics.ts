import { checkOneOf } from "../core/check.js";
import type { LossFunction, LossName } from "../losses/loss.js";
import {
  type StreamingMetric,
  streamingAccuracy,
  streamingMeanAbsoluteError,
  streamingMeanSquaredError,
} from "../metrics/streaming.js";
import { Meter } from "./meter.js";
import type { NumberBlock } from "./number-block.js";
import { outputKind } from "./output-kind.js";

const streaming = {
  accuracy: streamingAccuracy,
  meanSquaredError: streamingMeanSquaredError,
  meanAbsoluteError: streamingMeanAbsoluteError,
} satisfies Record<string, () => StreamingMetric>;

/** A metric that is reported beside the loss: `"accuracy"` for classes and answers, the errors for numbers. */
export type MetricName = keyof typeof streaming;

/** @throws OptionError if a metric does not fit what the model predicts. */
export function checkMetrics(
  where: string,
  metrics: readonly MetricName[] | undefined,
  loss: LossName | LossFunction,
): readonly MetricName[] {
  const isNumbers = outputKind(loss) === "numbers";
  const fitting: readonly MetricName[] = isNumbers ? ["meanSquaredError", "meanAbsoluteError"] : ["accuracy"];
  const named = metrics ?? (isNumbers ? [] : fitting);
  return named.map((name) =>
    checkOneOf(where, typeof loss === "string" ? `a metric beside loss "${loss}"` : "a metric", name, fitting),
  );
}

export function meterFor(metrics: readonly MetricName[], targets: NumberBlock, loss: LossName | LossFunction): Meter {
  const made = Object.fromEntries(metrics.map((name) => [name, streaming[name]()]));
  return new Meter(made, targets, outputKind(loss));
}
