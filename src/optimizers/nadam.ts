import { checkNumber } from "../core/check.js";
import type { Optimizer } from "./optimizer.js";
import { checkOptions, type OptimizerOptions, withDefaults } from "./optimizer-options.js";
import type { Rule } from "./rule.js";
import { RuleOptimizer } from "./rule-optimizer.js";

/** `learningRate` is 0.001 if none is given. */
export interface NadamOptions extends OptimizerOptions {
  /** Decay of the mean of gradients, from 0 to below 1. @default 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients, from 0 to below 1. @default 0.999 */
  readonly beta2?: number;
  /** Keeps the division finite. @default 1e-7 */
  readonly epsilon?: number;
}

type Scalar = "meanRate" | "gradientRate" | "newShare1" | "newShare2" | "squareShare" | "epsilon";

/** Adam that looks ahead along its momentum (Dozat, ICLR workshop 2016). Equal to Keras. */
export function nadam(options: NadamOptions = {}): Optimizer {
  const defaults = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  const all = withDefaults("nadam", options, defaults);
  const { beta1, beta2, epsilon } = all;
  checkNumber("nadam", "beta1", beta1, { atLeast: 0, below: 1 });
  checkNumber("nadam", "beta2", beta2, { atLeast: 0, below: 1 });
  checkNumber("nadam", "epsilon", epsilon, { above: 0 });
  const momentum = momentumSchedule(beta1);
  const rule: Rule<"mean" | "meanSquare", Scalar> = {
    slots: { mean: 0, meanSquare: 0 },
    scalars(step, learningRate) {
      const { now, next, product } = momentum(step);
      return {
        meanRate: (learningRate * next) / (1 - product * next),
        gradientRate: (learningRate * (1 - now)) / (1 - product),
        newShare1: 1 - beta1,
        newShare2: 1 - beta2,
        squareShare: 1 / (1 - beta2 ** (step + 1)),
        epsilon,
      };
    },
    update({ add, sub, mul, div, sqrt }, before, scalars) {
      const { gradient } = before;
      const { meanRate, gradientRate, newShare1, newShare2, squareShare, epsilon } = scalars;
      const mean = add(before.mean, mul(sub(gradient, before.mean), newShare1));
      const meanSquare = add(before.meanSquare, mul(sub(mul(gradient, gradient), before.meanSquare), newShare2));
      const ahead = add(mul(mean, meanRate), mul(gradient, gradientRate));
      const root = sqrt(mul(meanSquare, squareShare));
      return { step: div(ahead, add(root, epsilon)), mean, meanSquare };
    },
  };
  return new RuleOptimizer("nadam", rule, checkOptions("nadam", all));
}

/** The momentum of a step and of the next, and the product of all up to this one; a function of the step that remembers where it was. */
function momentumSchedule(beta1: number) {
  const at = (step: number) => beta1 * (1 - 0.5 * 0.96 ** (step + 1));
  let [known, product] = [-1, 1];
  return (step: number) => {
    if (step < known) [known, product] = [-1, 1];
    while (known < step) product *= at(++known);
    return { now: at(step), next: at(step + 1), product };
  };
}
