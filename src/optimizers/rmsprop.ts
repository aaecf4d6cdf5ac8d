import { checkNumber, checkOneOf } from "../core/check.js";
import type { Optimizer } from "./optimizer.js";
import { checkOptions, type OptimizerOptions, withDefaults } from "./optimizer-options.js";
import type { Rule } from "./rule.js";
import { RuleOptimizer } from "./rule-optimizer.js";

/** `learningRate` is 0.001 if none is given. */
export interface RmspropOptions extends OptimizerOptions {
  /** Decay of the mean of squared gradients, from 0 to below 1. @default 0.9 */
  readonly rho?: number;
  /** Share of the last step that is kept, from 0 to below 1. @default 0 */
  readonly momentum?: number;
  /** Keeps the division finite. @default 1e-7 */
  readonly epsilon?: number;
  /** Divide by the spread of gradients around their mean, not around 0. @default false */
  readonly centered?: boolean;
}

/** Steps by the gradient over the root of the mean of its squares (Hinton, 2012). Equal to Keras: `epsilon` under the root. */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const defaults = { learningRate: 1e-3, rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false };
  const all = withDefaults("rmsprop", options, defaults);
  const { rho, momentum, epsilon, centered } = all;
  checkNumber("rmsprop", "rho", rho, { atLeast: 0, below: 1 });
  checkNumber("rmsprop", "momentum", momentum, { atLeast: 0, below: 1 });
  checkNumber("rmsprop", "epsilon", epsilon, { above: 0 });
  checkOneOf("rmsprop", "centered", String(centered), ["true", "false"]);
  const rule: Rule<"meanSquare" | "mean" | "velocity", "rate" | "newShare" | "momentum" | "epsilon"> = {
    slots: { meanSquare: 0, ...(centered && { mean: 0 }), ...(momentum > 0 && { velocity: 0 }) },
    scalars: (_, learningRate) => ({ rate: learningRate, newShare: 1 - rho, momentum, epsilon }),
    update({ add, sub, mul, div, sqrt }, before, scalars) {
      const { gradient } = before;
      const { rate, newShare, epsilon } = scalars;
      const meanSquare = add(before.meanSquare, mul(sub(mul(gradient, gradient), before.meanSquare), newShare));
      const mean = centered ? add(before.mean, mul(sub(gradient, before.mean), newShare)) : undefined;
      const spread = mean === undefined ? meanSquare : sub(meanSquare, mul(mean, mean));
      const step = div(mul(gradient, rate), sqrt(add(spread, epsilon)));
      const after = { meanSquare, ...(mean !== undefined && { mean }) };
      if (momentum === 0) return { ...after, step };
      const velocity = add(mul(before.velocity, scalars.momentum), step);
      return { ...after, step: velocity, velocity };
    },
  };
  return new RuleOptimizer("rmsprop", rule, checkOptions("rmsprop", all));
}
