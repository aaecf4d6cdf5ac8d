import { checkOneOf, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import type { tf } from "../engine/tf.js";
import type { OutputKind } from "../losses/loss.js";
import { isLoss } from "../losses/losses.js";
import {
  type StreamingMetric,
  streamingAccuracy,
  streamingMeanAbsoluteError,
  streamingMeanSquaredError,
} from "../metrics/streaming.js";
import { Meter } from "./meter.js";
import type { NumberBlock } from "./number-block.js";
import { checkNames, type Objective, type OutputLoss } from "./objective.js";
import { outputKind } from "./output-kind.js";

const streaming = {
  accuracy: streamingAccuracy,
  meanSquaredError: streamingMeanSquaredError,
  meanAbsoluteError: streamingMeanAbsoluteError,
} satisfies Record<string, () => StreamingMetric>;

/** A metric that is reported beside the loss: `"accuracy"` for classes and answers, the errors for numbers. */
export type MetricName = keyof typeof streaming;

/** Metrics of the model's one output, or of each by its name. */
export type MetricChoice = readonly MetricName[] | Readonly<Record<string, readonly MetricName[]>>;

/** @throws OptionError if a metric does not fit what the model predicts. */
export function checkMetrics(
  where: string,
  choice: MetricChoice | undefined,
  { outputs }: Objective,
): readonly (readonly MetricName[])[] {
  if (choice !== undefined && (choice === null || typeof choice !== "object")) {
    throw new OptionError(`${where}: metrics must be an array like ["accuracy"], got ${show(choice)}.`);
  }
  const isList = Array.isArray(choice);
  if (choice && !isList)
    checkNames(
      where,
      "metrics",
      outputs.map(({ output }) => output),
      choice,
    );
  return outputs.map((output) => {
    return fittingMetrics(where, isList ? choice : (choice as Record<string, MetricName[]>)?.[output.output], output);
  });
}

function fittingMetrics(
  where: string,
  named: readonly MetricName[] | undefined,
  { loss }: OutputLoss,
): readonly MetricName[] {
  const fitting = metricsOf(isLoss(loss) && loss.targets === "groups" ? "groups" : outputKind(loss));
  const usual: readonly MetricName[] = fitting.includes("accuracy") ? ["accuracy"] : [];
  return (named ?? usual).map((name) =>
    checkOneOf(where, isLoss(loss) ? `a metric beside loss "${loss.config.name}"` : "a metric", name, fitting),
  );
}

function metricsOf(kind: OutputKind | "groups"): readonly MetricName[] {
  if (kind === "groups") return [];
  return kind === "numbers" ? ["meanSquaredError", "meanAbsoluteError"] : kind === "rates" ? [] : ["accuracy"];
}

/** @param metrics - Of each output of the model. */
export function meterFor(
  model: tf.LayersModel,
  objective: Objective,
  metrics: readonly (readonly MetricName[])[],
  targets: readonly NumberBlock[],
): Meter {
  const { outputs } = objective;
  return new Meter(
    outputs.map(({ output, loss }, i) => {
      const prefix = outputs.length > 1 ? `${output}_` : "";
      const ignoreLabel = isLoss(loss) ? (loss.config.options.ignoreLabel as number | undefined) : undefined;
      return {
        metrics: Object.fromEntries(metrics[i]!.map((name) => [prefix + name, streaming[name]()])),
        targets: targets[i]!,
        kind: outputKind(loss),
        nOutputs: model.outputs[i]!.shape.at(-1) ?? 1,
        ignoreLabel,
      };
    }),
    objective.partsOf(model),
  );
}
