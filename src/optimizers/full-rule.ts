import type { Algebra } from "./algebra.js";
import type { CheckedOptions } from "./optimizer-options.js";
import type { Rule } from "./rule.js";

/** The numbers of a {@link FullRule} that differ from variable to variable. */
export interface VariableScalars {
  /** What clipping, and the mean of gathered gradients, leave of a gradient. */
  readonly gradientShare: number;
  /** What weight decay takes of a weight. */
  readonly decay: number;
  /** How far the moving average goes to the new weight, from 0 to 1. */
  readonly averageRate: number;
}

export const variableScalarNames: readonly (keyof VariableScalars)[] = ["gradientShare", "decay", "averageRate"];

/** A {@link Rule} with the options of all optimizers around it: what happens to a weight and its slots in one step. */
export interface FullRule {
  readonly slots: Readonly<Record<string, number>>;
  scalars(step: number, learningRate: number): Readonly<Record<string, number>>;
  /** The weight and the slots after the step, of those before it. */
  update<T>(
    algebra: Algebra<T>,
    before: Readonly<Record<string, T>>,
    scalars: Readonly<Record<string, T>>,
  ): Readonly<Record<string, T>>;
}

/**
 * In the order of Keras: clip, decay, update, average. The weight is rounded once: by what the step and the decay take
 * of it together.
 */
export function fullRule(rule: Rule, { weightDecay, clip, ema, accumulate }: CheckedOptions): FullRule {
  const isScaled = accumulate > 1 || clip?.by === "clipNorm" || clip?.by === "globalClipNorm";
  return {
    slots: { ...rule.slots, ...(ema && { average: 0 }) } as Record<string, number>,
    scalars(step, learningRate) {
      const limits = clip?.by === "clipValue" ? { highest: clip.limit, lowest: -clip.limit } : {};
      return { ...rule.scalars(step, learningRate), ...limits } as Record<string, number>;
    },
    update<T>(algebra: Algebra<T>, before: { readonly [name: string]: T }, scalars: { readonly [name: string]: T }) {
      const { add, sub, mul, max, min } = algebra;
      const old = before.weight as T;
      let gradient = before.gradient as T;
      if (isScaled) gradient = mul(gradient, scalars.gradientShare!);
      if (clip?.by === "clipValue") gradient = max(min(gradient, scalars.highest!), scalars.lowest!);
      const { step, ...slots } = rule.update(algebra, { ...before, gradient }, scalars);
      const weight = sub(old, weightDecay ? add(step, mul(old, scalars.decay!)) : step);
      const after = { ...slots, weight } as Record<string, T>;
      if (!ema) return after;
      const average = before.average!;
      return { ...after, average: add(average, mul(sub(weight, average), scalars.averageRate!)) };
    },
  };
}
