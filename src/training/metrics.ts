import { checkOneOf, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import type { tf } from "../engine/tf.js";
import type { OutputKind } from "../losses/loss.js";
import { isLoss } from "../losses/losses.js";
import { type MetricName, metrics } from "../metrics/metrics.js";
import type { StreamingMetric } from "../metrics/streaming-metric.js";
import { Comparison, neededOf } from "./comparison.js";
import { Meter } from "./meter.js";
import type { ModelSpec } from "./model-spec.js";
import type { NumberBlock } from "./number-block.js";
import { checkNames, type Objective, type OutputLoss } from "./objective.js";
import { outputKind } from "./output-kind.js";

/** A metric by name, with options (`metrics.fBeta({ beta: 2 })`), or one of your own. */
export type AnyMetric = MetricName | StreamingMetric;

/** Metrics of the model's one output, or of each by its name. */
export type MetricChoice = readonly AnyMetric[] | Readonly<Record<string, readonly AnyMetric[]>>;

/** The metrics of each output of the model. */
export type OutputMetrics = readonly (readonly StreamingMetric[])[];

/** @throws OptionError if a metric does not fit what the model predicts, or two have one name. */
export function checkMetrics(
  where: string,
  choice: MetricChoice | undefined,
  { outputs }: Objective,
  spec: ModelSpec,
): OutputMetrics {
  if (choice !== undefined && (choice === null || typeof choice !== "object")) {
    throw new OptionError(`${where}: metrics must be an array like ["accuracy"], got ${show(choice)}.`);
  }
  const isList = Array.isArray(choice);
  const names = outputs.map(({ output }) => output);
  if (choice && !isList) checkNames(where, "metrics", names, choice);
  return outputs.map((output, i) => {
    const chosen = isList ? choice : (choice as Readonly<Record<string, readonly AnyMetric[]>>)?.[output.output];
    return fittingMetrics(where, chosen, output, spec.outputs[i]!.shape.at(-1) ?? 1);
  });
}

function fittingMetrics(
  where: string,
  chosen: readonly AnyMetric[] | undefined,
  { loss }: OutputLoss,
  nOutputs: number,
): readonly StreamingMetric[] {
  const kind = outputKind(loss);
  const targets = isLoss(loss) ? loss.targets : "numbers";
  const needed = targets === "groups" || targets === "sequences" ? [] : neededOf(kind);
  const usual: readonly MetricName[] = needed.includes("labels") ? ["accuracy"] : [];
  const beside = isLoss(loss) ? `a metric beside loss "${loss.config.name}"` : "a metric";
  const names = (Object.keys(metrics) as MetricName[]).filter((name) => needed.includes(metrics[name]().needs));
  const made = (chosen ?? usual).map((metric) => {
    if (typeof metric !== "object" || metric === null) return named(checkOneOf(where, beside, metric, names));
    checkMetric(where, metric);
    if (!needed.includes(metric.needs)) {
      const possible = needed.length === 0 ? "there is none" : `one of ${needed.join(" or ")}`;
      throw new OptionError(`${where}: ${beside} must be ${possible}, but "${metric.name}" needs ${metric.needs}.`);
    }
    return metric;
  });
  for (const [i, { name }] of made.entries()) {
    if (["loss", "dataLoss", "penalty"].includes(name) || made.findIndex((other) => other.name === name) < i) {
      throw new OptionError(
        `${where}: two numbers would be reported as "${name}". Give one another name, like metrics.f1({ average: "macro", name: "macroF1" }).`,
      );
    }
  }
  const nTargets =
    isLoss(loss) && loss.config.name === "quantile" && Array.isArray(loss.config.options.q) ? 1 : nOutputs;
  for (const metric of made) tryOneRow(metric, kind, nTargets, nOutputs);
  return made;
}

const asked = new WeakMap<StreamingMetric, MetricName>();

function named(name: MetricName): StreamingMetric {
  const metric = metrics[name]();
  asked.set(metric, name);
  return metric;
}

/** The name that a metric was asked for by; null if its owner made it. */
export function askedName(metric: StreamingMetric): MetricName | null {
  return asked.get(metric) ?? null;
}

function checkMetric(where: string, metric: StreamingMetric): void {
  const functions = ["update", "result", "reset", "state", "restore"] as const;
  const missing = functions.find((name) => typeof metric[name] !== "function");
  const isNamed = typeof metric.name === "string" && metric.name !== "";
  if (missing === undefined && isNamed) {
    checkOneOf(where, `needs of the metric "${metric.name}"`, metric.needs, ["labels", "probabilities", "numbers"]);
    return;
  }
  throw new OptionError(
    `${where}: a metric of your own must have name, needs, ${functions.join(", ")}, got one without ${isNamed ? missing : "name"}.`,
  );
}

/** A metric whose options do not fit the model says so here, and not after an epoch. */
function tryOneRow(metric: StreamingMetric, kind: OutputKind, nTargets: number, nOutputs: number): void {
  const targets = new Float64Array(kind === "classes" ? 1 : nTargets);
  const compared = new Comparison(targets, new Float64Array(nOutputs), kind, nOutputs).for(metric.needs);
  metric.reset();
  metric.update(compared.yTrue, compared.yPred, undefined, compared.nOutputs);
  metric.result();
  metric.reset();
}

/** Targets and weights of samples, in the order of the model's outputs. */
interface Labelled {
  readonly targets: readonly NumberBlock[];
  readonly weights: readonly (NumberBlock | null)[];
}

/** @param chosen - Of each output of the model. */
export function meterFor(model: tf.LayersModel, objective: Objective, chosen: OutputMetrics, samples: Labelled): Meter {
  const { outputs } = objective;
  return new Meter(
    outputs.map((output, i) => {
      const { loss } = output;
      const prefix = outputs.length > 1 ? `${output.output}_` : "";
      const ignoreLabel = isLoss(loss) ? (loss.config.options.ignoreLabel as number | undefined) : undefined;
      return {
        ...output,
        metrics: Object.fromEntries(chosen[i]!.map((metric) => [prefix + metric.name, metric])),
        targets: samples.targets[i]!,
        weights: samples.weights[i]!,
        kind: outputKind(loss),
        nOutputs: model.outputs[i]!.shape.at(-1) ?? 1,
        ignoreLabel,
      };
    }),
    objective.partsOf(model),
  );
}
