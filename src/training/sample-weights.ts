import { show } from "../core/check.js";
import { DataError, OptionError, ShapeError } from "../core/errors.js";
import { classWeights as countedWeights } from "../losses/class-weights.js";
import { type Port, sizeOf } from "./model-spec.js";
import { type NumberBlock, numberBlock } from "./number-block.js";
import { checkNames } from "./objective.js";
import { isNumbers, type Rows } from "./rows.js";

/** By label, or by the rule that {@link countedWeights} follows. */
export type ClassWeights = "balanced" | "effectiveNumber" | Readonly<Record<string | number, number>>;

/**
 * How much each sample counts, or each time step of it, output by output.
 * @throws ShapeError or DataError if there are more or fewer weights than samples, or one is below 0.
 */
export function weightsFor(
  where: string,
  weights: Rows | undefined,
  outputs: readonly Port[],
  targets: readonly NumberBlock[],
): (NumberBlock | null)[] {
  if (weights === undefined) return targets.map(() => null);
  if (isNumbers(weights)) return targets.map((y, i) => checked(where, numberBlock(where, weights), y, outputs[i]!));
  if (typeof weights !== "object" || weights === null) {
    throw new OptionError(`${where} must be numbers, one for each row, got ${show(weights)}.`);
  }
  checkNames(
    where,
    "it",
    outputs.map(({ name }) => name),
    weights,
  );
  return targets.map((y, i) => {
    const output = outputs[i]!;
    const own = weights[output.name];
    return own === undefined ? null : checked(`${where}.${output.name}`, numberBlock(where, own), y, output);
  });
}

function checked(where: string, weights: NumberBlock, targets: NumberBlock, { shape }: Port): NumberBlock {
  const nSamples = targets.shape[0]!;
  const places = shape.length > 1 ? sizeOf(shape.slice(0, -1)) : 1;
  const { values } = weights;
  const isPerStep = places > 1 && values.length === nSamples * places;
  if (values.length !== nSamples && !isPerStep) {
    const steps = places > 1 ? `, or for each of their ${places} steps` : "";
    throw new ShapeError(
      `${where} must have one number for each of the ${nSamples} rows${steps}, got ${values.length}.`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (values[i]! >= 0) continue;
    throw new DataError(`${where} must hold numbers from 0, got ${show(values[i])}.`);
  }
  return { values, shape: isPerStep ? [nSamples, ...(shape.slice(0, -1) as number[])] : [nSamples] };
}

/**
 * `weights` multiplied by that of each sample's class.
 * @param targets - One label or answer for each sample, or for each step of it.
 * @throws OptionError if a label of the data has no weight.
 */
export function withClassWeights(
  where: string,
  classWeights: ClassWeights,
  targets: NumberBlock,
  weights: NumberBlock | null,
): NumberBlock {
  const labels = Array.from(targets.values);
  const byLabel = typeof classWeights === "string" ? countedWeights(labels, classWeights) : classWeights;
  if (byLabel === null || typeof byLabel !== "object") {
    throw new OptionError(
      `${where}: classWeights must be "balanced", "effectiveNumber" or an object from label to weight, got ${show(classWeights)}.`,
    );
  }
  for (const [label, weight] of Object.entries(byLabel)) {
    if (typeof weight === "number" && weight >= 0 && Number.isFinite(weight)) continue;
    throw new OptionError(`${where}: classWeights[${label}] must be a number from 0, got ${show(weight)}.`);
  }
  const perSample = labels.length / (weights?.values.length ?? labels.length);
  const values = Float64Array.from(labels, (label, i) => {
    const weight = byLabel[label];
    if (weight === undefined) {
      throw new OptionError(`${where}: classWeights has no weight for the label ${label}, which is in y. Add it.`);
    }
    return weight * (weights === null ? 1 : weights.values[Math.floor(i / perSample)]!);
  });
  return { values, shape: targets.dtype === "int32" ? targets.shape : [values.length] };
}
