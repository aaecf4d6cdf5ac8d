import { LiveBoard } from "../callbacks/live-board.js";
import type { JsonValue } from "../core/json.js";
import type { tf } from "../engine/tf.js";
import { isLoss } from "../losses/losses.js";
import { layerWeights } from "../models/model-weights.js";
import type { RunSetup } from "../runs/run-event.js";
import type { FitPlan } from "./preflight.js";

/** The hyperparameters of a run as plain data, to be logged and compared. */
export function runSetup(plan: FitPlan): RunSetup {
  const { model, train, validation, epochs, batchSize, optimizer, objective, seed, shuffle, compile, metrics } = plan;
  const { learningRate, ...options } = optimizer.config?.options ?? {};
  const losses = objective.outputs.map(({ output, loss }): [string, JsonValue] => {
    if (!isLoss(loss)) return [output, loss.name || "a function"];
    const { name, options } = loss.config;
    return [output, Object.keys(options).length === 0 ? name : ({ name, ...options } as JsonValue)];
  });
  const weights = objective.outputs.map(({ output, weight }) => [output, weight ?? "learned"] as const);
  const metricNames = metrics.map((own) => own.map(({ name }) => name));
  const callbacks = callbackNames(plan);
  return {
    epochs,
    batchSize,
    optimizer: optimizer.name,
    learningRate: plainRate(plan.newLearningRate) ?? (learningRate as JsonValue) ?? optimizer.learningRate,
    ...(options as RunSetup),
    loss: losses.length === 1 ? losses[0]![1] : Object.fromEntries(losses),
    ...(losses.length > 1 && { lossWeights: Object.fromEntries(weights) }),
    ...(plan.classWeights !== undefined && { classWeights: plan.classWeights }),
    metrics: losses.length === 1 ? metricNames[0]! : metricNames,
    ...(callbacks.length > 0 && { callbacks }),
    seed,
    shuffle,
    compile,
    layers: layerTexts(model),
    parameters: model.countParams(),
    nSamples: train.nSamples,
    ...(validation && { nValidation: validation.nSamples }),
  };
}

function plainRate(rate: FitPlan["newLearningRate"]): JsonValue | undefined {
  return typeof rate === "object" ? (rate.toJSON() as JsonValue) : rate;
}

/** The callbacks that the caller gave; the board comes by itself. */
export function callbackNames({ callbacks }: FitPlan): string[] {
  return callbacks.flatMap((callback) => {
    if (callback instanceof LiveBoard) return [];
    const name = callback.name ?? callback.constructor?.name;
    return [name && name !== "Object" ? name : "a callback of its own"];
  });
}

/** Each layer in a few words, such as `"dense 64 relu"`. */
function layerTexts(model: tf.LayersModel): string[] {
  const seen = new Set<tf.layers.Layer>();
  return layerWeights(model).flatMap(({ layer }) => {
    if (layer.getClassName() === "InputLayer" || seen.has(layer)) return [];
    seen.add(layer);
    const { units, filters, kernelSize, rate, activation } = layer.getConfig() as Record<string, unknown>;
    const said = [units, filters, kernelSize, rate].flatMap((value) =>
      value === undefined || value === null ? [] : [value],
    );
    const shown = typeof activation === "string" && activation !== "linear" ? [activation] : [];
    const frozen = layer.trainable || layer.weights.length === 0 ? [] : ["frozen"];
    const name = layer.getClassName();
    return [[name[0]!.toLowerCase() + name.slice(1), ...said.map(String), ...shown, ...frozen].join(" ")];
  });
}
