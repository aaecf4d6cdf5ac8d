import { checkNumber } from "../core/check.js";
import type { Optimizer } from "./optimizer.js";
import { checkOptions, type OptimizerOptions, withDefaults } from "./optimizer-options.js";
import type { Rule } from "./rule.js";
import { RuleOptimizer } from "./rule-optimizer.js";

/** `learningRate` is 0.001 if none is given. */
export interface AdagradOptions extends OptimizerOptions {
  /** What the sum of squares begins with. @default 0.1 */
  readonly initialAccumulatorValue?: number;
  /** Keeps the division finite. @default 1e-7 */
  readonly epsilon?: number;
}

/** Steps by the gradient over the root of the sum of all its squares (Duchi et al., JMLR 2011). Equal to Keras. */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  const defaults = { learningRate: 1e-3, initialAccumulatorValue: 0.1, epsilon: 1e-7 };
  const all = withDefaults("adagrad", options, defaults);
  const { initialAccumulatorValue, epsilon } = all;
  checkNumber("adagrad", "initialAccumulatorValue", initialAccumulatorValue, { atLeast: 0 });
  checkNumber("adagrad", "epsilon", epsilon, { above: 0 });
  const rule: Rule<"squareSum", "rate" | "epsilon"> = {
    slots: { squareSum: initialAccumulatorValue },
    scalars: (_, learningRate) => ({ rate: learningRate, epsilon }),
    update({ add, mul, div, sqrt }, { gradient, ...before }, { rate, epsilon }) {
      const squareSum = add(before.squareSum, mul(gradient, gradient));
      return { step: div(mul(gradient, rate), sqrt(add(squareSum, epsilon))), squareSum };
    },
  };
  return new RuleOptimizer("adagrad", rule, checkOptions("adagrad", all));
}
