import { checkNumber } from "../core/check.js";
import type { Optimizer } from "./optimizer.js";
import { checkOptions, type OptimizerOptions, withDefaults } from "./optimizer-options.js";
import type { Rule } from "./rule.js";
import { RuleOptimizer } from "./rule-optimizer.js";

/** `learningRate` is 0.001 if none is given. */
export interface AdamaxOptions extends OptimizerOptions {
  /** Decay of the mean of gradients, from 0 to below 1. @default 0.9 */
  readonly beta1?: number;
  /** Decay of the largest gradient, from 0 to below 1. @default 0.999 */
  readonly beta2?: number;
  /** Keeps the division finite. @default 1e-7 */
  readonly epsilon?: number;
}

/** Adam over the largest of recent gradients in place of their mean square (Kingma & Ba, ICLR 2015). Equal to Keras. */
export function adamax(options: AdamaxOptions = {}): Optimizer {
  const defaults = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  const all = withDefaults("adamax", options, defaults);
  const { beta1, beta2, epsilon } = all;
  checkNumber("adamax", "beta1", beta1, { atLeast: 0, below: 1 });
  checkNumber("adamax", "beta2", beta2, { atLeast: 0, below: 1 });
  checkNumber("adamax", "epsilon", epsilon, { above: 0 });
  const rule: Rule<"mean" | "largest", "rate" | "newShare1" | "beta2" | "epsilon"> = {
    slots: { mean: 0, largest: 0 },
    scalars: (step, learningRate) => ({
      rate: learningRate / (1 - beta1 ** (step + 1)),
      newShare1: 1 - beta1,
      beta2,
      epsilon,
    }),
    update({ add, sub, mul, div, max, abs }, before, { rate, newShare1, beta2, epsilon }) {
      const { gradient } = before;
      const mean = add(before.mean, mul(sub(gradient, before.mean), newShare1));
      const largest = max(mul(before.largest, beta2), abs(gradient));
      return { step: div(mul(mean, rate), add(largest, epsilon)), mean, largest };
    },
  };
  return new RuleOptimizer("adamax", rule, checkOptions("adamax", all));
}
