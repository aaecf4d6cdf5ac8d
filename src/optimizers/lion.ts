import { checkNumber } from "../core/check.js";
import type { Optimizer } from "./optimizer.js";
import { checkOptions, type OptimizerOptions, withDefaults } from "./optimizer-options.js";
import type { Rule } from "./rule.js";
import { RuleOptimizer } from "./rule-optimizer.js";

/** `learningRate` is 0.001 if none is given; good ones are 3 to 10 times smaller than for Adam. */
export interface LionOptions extends OptimizerOptions {
  /** Share of the mean in the direction of a step, from 0 to below 1. @default 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of gradients, from 0 to below 1. @default 0.99 */
  readonly beta2?: number;
}

/** Steps of one length, by the sign of a mean of gradients (Chen et al., NeurIPS 2023). Equal to Keras. */
export function lion(options: LionOptions = {}): Optimizer {
  const all = withDefaults("lion", options, { learningRate: 1e-3, beta1: 0.9, beta2: 0.99 });
  const { beta1, beta2 } = all;
  checkNumber("lion", "beta1", beta1, { atLeast: 0, below: 1 });
  checkNumber("lion", "beta2", beta2, { atLeast: 0, below: 1 });
  const rule: Rule<"mean", "rate" | "newShare1" | "newShare2"> = {
    slots: { mean: 0 },
    scalars: (_, rate) => ({ rate, newShare1: 1 - beta1, newShare2: 1 - beta2 }),
    update({ add, sub, mul, sign }, before, { rate, newShare1, newShare2 }) {
      const change = sub(before.gradient, before.mean);
      const direction = sign(add(before.mean, mul(change, newShare1)));
      const mean = add(before.mean, mul(change, newShare2));
      return { step: mul(direction, rate), mean };
    },
  };
  return new RuleOptimizer("lion", rule, checkOptions("lion", all));
}
