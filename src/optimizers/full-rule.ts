import type { CheckedOptions } from "./optimizer-options.js";
import type { Rule } from "./rule.js";

/** The numbers of a {@link fullRule} that differ from variable to variable. */
export interface VariableScalars {
  /** What clipping, and the mean of gathered gradients, leave of a gradient. */
  readonly gradientShare: number;
  /** What weight decay takes of a weight. */
  readonly decay: number;
  /** What the moving average keeps of itself, and gets of the weight. */
  readonly averageShare: number;
  readonly weightShare: number;
}

export const variableScalarNames: readonly (keyof VariableScalars)[] = [
  "gradientShare",
  "decay",
  "averageShare",
  "weightShare",
];

/** A rule with the options of all optimizers around it, in the order of Keras: clip, decay, update, average. */
export function fullRule(rule: Rule, { weightDecay, clip, ema, accumulate }: CheckedOptions): Rule {
  const isScaled = accumulate > 1 || clip?.by === "clipNorm" || clip?.by === "globalClipNorm";
  return {
    slots: ema ? { ...rule.slots, average: 0 } : rule.slots,
    scalars(step, learningRate) {
      const own = rule.scalars(step, learningRate);
      return clip?.by === "clipValue" ? { ...own, highest: clip.limit, lowest: -clip.limit } : own;
    },
    update(algebra, before, scalars) {
      const { add, sub, mul, max, min } = algebra;
      let { gradient, weight } = before;
      if (isScaled) gradient = mul(gradient, scalars.gradientShare!);
      if (clip?.by === "clipValue") gradient = max(min(gradient, scalars.highest!), scalars.lowest!);
      if (weightDecay) weight = sub(weight, mul(weight, scalars.decay!));
      const after = rule.update(algebra, { ...before, gradient, weight }, scalars);
      if (!ema) return after;
      const average = add(mul(before.average!, scalars.averageShare!), mul(after.weight, scalars.weightShare!));
      return { ...after, average };
    },
  };
}
