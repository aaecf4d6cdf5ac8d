import { checkNumber, checkOneOf, show } from "../core/check.js";
import { OptionError, ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { hasActivityCost, withActivityCost } from "../layers/regularizers/activity.js";
import { penaltyOf } from "../layers/regularizers/penalty-of.js";
import type { Loss, LossFunction } from "../losses/loss.js";
import { isLoss, type LossName, lossOf } from "../losses/losses.js";
import type { ModelSpec } from "./model-spec.js";

/** A loss by name, with options (`losses.huber({ delta: 2 })`), or any differentiable function of `(yTrue, yPred)`. */
export type AnyLoss = LossName | LossFunction;

/** One loss, or one for each output of the model, by its name. */
export type LossChoice = AnyLoss | Readonly<Record<string, AnyLoss>>;

/**
 * How much the loss of each output counts, by name; or `"uncertainty"`: learned with the weights, as the noise of each task
 * (Kendall, Gal & Cipolla, CVPR 2018).
 */
export type LossWeights = Readonly<Record<string, number>> | "uncertainty";

/** The loss of one output of the model. */
export interface OutputLoss {
  readonly output: string;
  readonly loss: Loss | LossFunction;
  /** Of the loss in the sum; null if it is learned. */
  readonly weight: number | null;
}

/** Tensors of a batch, in the order of the model's inputs and outputs. */
export interface Batch {
  readonly inputs: tf.Tensor[];
  readonly targets: readonly tf.Tensor[];
  /** Null where all samples count the same. */
  readonly weights: readonly (tf.Tensor | null)[];
}

export interface Forward {
  readonly yPred: readonly tf.Tensor[];
  readonly loss: tf.Scalar;
  readonly parts: tf.NamedTensorMap;
}

/** What training minimises: the losses of the outputs, weighed, and what the weights of the model cost. */
export class Objective {
  /** Logarithms of the variance of each output whose weight is learned. */
  readonly variables: readonly tf.Variable[];

  constructor(readonly outputs: readonly OutputLoss[]) {
    const nLearned = outputs.filter(({ weight }) => weight === null).length;
    this.variables = Array.from({ length: nLearned }, () => tf.variable(tf.scalar(0)));
  }

  /**
   * What the model gives for a batch, its loss, and the parts of that by the names under which they are reported, if it has
   * parts.
   */
  of(model: tf.LayersModel, { inputs, ...batch }: Batch, { training }: { readonly training: boolean }): Forward {
    const { outputs, cost } = withActivityCost(() => model.apply(inputs, { training }));
    const yPred = [outputs].flat() as tf.Tensor[];
    const single = this.outputs.map(({ loss }, i) => lossValue(loss, batch.targets[i]!, yPred[i]!, batch.weights[i]));
    const dataLoss = this.sum(single);
    const penalty = sumOf([penaltyOf(model), cost]);
    const parts: tf.NamedTensorMap = {};
    if (single.length > 1) for (const [i, { output }] of this.outputs.entries()) parts[`${output}_loss`] = single[i]!;
    if (penalty === null) return { yPred, loss: dataLoss, parts };
    return { yPred, loss: tf.add(dataLoss, penalty), parts: { ...parts, dataLoss, penalty } };
  }

  /** The names of the parts of the loss, if it has parts. */
  partsOf(model: tf.LayersModel): string[] {
    const outputs = this.outputs.length > 1 ? this.outputs.map(({ output }) => `${output}_loss`) : [];
    const isPenalized = hasActivityCost(model) || tf.tidy(() => penaltyOf(model) !== null);
    return [...outputs, ...(isPenalized ? ["dataLoss", "penalty"] : [])];
  }

  /** What each output counts now. */
  weights(): Readonly<Record<string, number>> {
    const learned = [...this.variables];
    return Object.fromEntries(
      this.outputs.map(({ output, loss, weight }) => {
        if (weight !== null) return [output, weight];
        return [output, precisionFactor(loss) * Math.exp(-learned.shift()!.dataSync()[0]!)];
      }),
    );
  }

  dispose(): void {
    tf.dispose([...this.variables]);
  }

  private sum(single: readonly tf.Tensor[]): tf.Scalar {
    const learned = [...this.variables];
    const weighed = this.outputs.map(({ loss, weight }, i) => {
      if (weight === 1) return single[i]!;
      if (weight !== null) return tf.mul(single[i]!, weight);
      // L / (k sigma^2) + log sigma, with k = 2 for squared errors and 1 for likelihoods.
      const logVariance = learned.shift()!;
      const precision = tf.mul(tf.exp(tf.neg(logVariance)), precisionFactor(loss));
      return tf.add(tf.mul(single[i]!, precision), tf.mul(logVariance, 0.5));
    });
    return weighed.reduce((sum, value) => tf.add(sum, value)) as tf.Scalar;
  }
}

function sumOf(costs: readonly (tf.Scalar | null)[]): tf.Scalar | null {
  return costs
    .filter((cost) => cost !== null)
    .reduce<tf.Scalar | null>((sum, cost) => (sum ? tf.add(sum, cost) : cost), null);
}

/** The objective that the options of `fit` ask for. @throws OptionError */
export function objectiveOf(
  where: string,
  spec: ModelSpec,
  choice: LossChoice,
  lossWeights: LossWeights | undefined,
): Objective {
  const names = spec.outputs.map(({ name }) => name);
  const chosen = choices(where, names, choice);
  if (lossWeights !== undefined && names.length === 1) {
    throw new OptionError(
      `${where}: lossWeights weigh the outputs of a model that has several; this one has one output.`,
    );
  }
  if (typeof lossWeights === "string") checkOneOf(where, "lossWeights", lossWeights, ["uncertainty"]);
  else checkNames(where, "lossWeights", names, lossWeights ?? {});
  return new Objective(
    names.map((output) => {
      if (lossWeights === "uncertainty") return { output, loss: chosen[output]!, weight: null };
      const weight = checkNumber(where, `lossWeights.${output}`, lossWeights?.[output] ?? 1, { atLeast: 0 });
      return { output, loss: chosen[output]!, weight };
    }),
  );
}

function choices(where: string, names: readonly string[], choice: LossChoice): Record<string, Loss | LossFunction> {
  if (typeof choice === "string" || typeof choice === "function") {
    if (names.length === 1) return { [names[0]!]: resolved(where, choice) };
    throw new OptionError(
      `${where}: the model has the outputs ${listed(names)}, so loss must be an object with one for each, like { ${names[0]}: "crossEntropy" }.`,
    );
  }
  if (choice === null || typeof choice !== "object") {
    throw new OptionError(`${where}: loss must be a name, a loss or a function, got ${show(choice)}.`);
  }
  checkNames(where, "loss", names, choice);
  const missing = names.find((name) => choice[name] === undefined);
  if (missing !== undefined) throw new OptionError(`${where}: loss has none for the output "${missing}". Add it.`);
  return Object.fromEntries(names.map((name) => [name, resolved(where, choice[name]!)]));
}

function resolved(where: string, loss: AnyLoss): Loss | LossFunction {
  return typeof loss === "function" && !isLoss(loss) ? loss : lossOf(where, loss);
}

/** @throws OptionError if `given` names what the model has not. */
export function checkNames(where: string, what: string, names: readonly string[], given: object): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new OptionError(`${where}: ${what} has ${show(unknown)}, but the model has only ${listed(names)}.`);
}

function listed(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}

/** One number for the batch, whatever the loss gives. */
function lossValue(
  loss: Loss | LossFunction,
  yTrue: tf.Tensor,
  yPred: tf.Tensor,
  weights?: tf.Tensor | null,
): tf.Scalar {
  if (isLoss(loss)) return weights ? loss(yTrue, yPred, weights) : loss(yTrue, yPred);
  const value = loss(yTrue, yPred);
  if (!weights) return value.rank === 0 ? (value as tf.Scalar) : tf.mean(value);
  if (value.rank > 0 && value.shape[0] === weights.shape[0]) {
    const perWeight = value.rank > weights.rank ? tf.mean(value, range(weights.rank, value.rank)) : value;
    return tf.mean(tf.mul(perWeight, tf.reshape(weights, spread(weights.shape, perWeight.rank))));
  }
  throw new ShapeError(
    `fit: samples have weights, so loss must return one number for each of the ${weights.shape[0]} samples of a batch, got shape [${value.shape}]. Leave the mean over the samples out.`,
  );
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

function spread(shape: readonly number[], rank: number): number[] {
  return [...shape, ...new Array(rank - shape.length).fill(1)];
}

function precisionFactor(loss: Loss | LossFunction): number {
  return isLoss(loss) && loss.outputs !== "numbers" ? 1 : 0.5;
}
