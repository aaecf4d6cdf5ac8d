import { checkNumber, checkOneOf } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import type { Optimizer } from "./optimizer.js";
import { checkOptions, type OptimizerOptions, withDefaults } from "./optimizer-options.js";
import type { Rule } from "./rule.js";
import { RuleOptimizer } from "./rule-optimizer.js";

/** `learningRate` is 0.01 if none is given. */
export interface SgdOptions extends OptimizerOptions {
  /** Share of the last step that is kept, from 0 to below 1. @default 0 */
  readonly momentum?: number;
  /** Look ahead along the momentum before stepping. @default false */
  readonly nesterov?: boolean;
}

/**
 * Gradient descent: `velocity = momentum * velocity + learningRate * gradient` is taken off the weights; with `nesterov`
 * `momentum * velocity + learningRate * gradient` (Sutskever et al., ICML 2013). Equal to Keras.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const all = withDefaults("sgd", options, { learningRate: 0.01, momentum: 0, nesterov: false });
  const { momentum, nesterov } = all;
  checkNumber("sgd", "momentum", momentum, { atLeast: 0, below: 1 });
  checkOneOf("sgd", "nesterov", String(nesterov), ["true", "false"]);
  if (nesterov && momentum === 0) {
    throw new OptionError("sgd: nesterov needs a momentum above 0, got 0. Pass momentum: 0.9 or leave nesterov out.");
  }
  const rule: Rule<"velocity", "rate" | "momentum"> = {
    slots: momentum > 0 ? { velocity: 0 } : {},
    scalars: (_, learningRate) => ({ rate: learningRate, momentum }),
    update({ add, mul }, before, scalars) {
      const downhill = mul(before.gradient, scalars.rate);
      if (momentum === 0) return { step: downhill };
      const velocity = add(mul(before.velocity, scalars.momentum), downhill);
      return { step: nesterov ? add(mul(velocity, scalars.momentum), downhill) : velocity, velocity };
    },
  };
  return new RuleOptimizer("sgd", rule, checkOptions("sgd", all));
}
