import { checkNumber, checkOneOf } from "../core/check.js";
import type { Optimizer } from "./optimizer.js";
import { checkOptions, type OptimizerOptions, withDefaults } from "./optimizer-options.js";
import type { Rule } from "./rule.js";
import { RuleOptimizer } from "./rule-optimizer.js";

/** `learningRate` is 0.001 if none is given. */
export interface AdamOptions extends OptimizerOptions {
  /** Decay of the mean of gradients, from 0 to below 1. @default 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients, from 0 to below 1. @default 0.999 */
  readonly beta2?: number;
  /** Keeps the division finite. @default 1e-7 */
  readonly epsilon?: number;
  /** Divide by the largest mean of squares so far (Reddi et al., ICLR 2018). @default false */
  readonly amsgrad?: boolean;
}

const defaults = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, amsgrad: false };

/**
 * Adam: steps by the mean of recent gradients over the root of the mean of their squares, both corrected for their start
 * at zero (Kingma & Ba, ICLR 2015). Equal to Keras, whose `epsilon` stands outside the correction ("epsilon hat").
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return make("adam", withDefaults("adam", options, defaults));
}

/**
 * {@link adam} with a weight decay of 0.004 (Loshchilov & Hutter, ICLR 2019). Keras decays biases and the scales of norms
 * too: `weightDecay: { rate: 0.004, appliesTo: () => true }`.
 */
export function adamw(options: AdamOptions = {}): Optimizer {
  return make("adamw", withDefaults("adamw", options, { ...defaults, weightDecay: 0.004 }));
}

function make(name: string, options: ReturnType<typeof withDefaults<typeof defaults>>): Optimizer {
  const { beta1, beta2, epsilon, amsgrad } = options;
  checkNumber(name, "beta1", beta1, { atLeast: 0, below: 1 });
  checkNumber(name, "beta2", beta2, { atLeast: 0, below: 1 });
  checkNumber(name, "epsilon", epsilon, { above: 0 });
  checkOneOf(name, "amsgrad", String(amsgrad), ["true", "false"]);
  const rule: Rule<"mean" | "meanSquare" | "largestSquare", "rate" | "newShare1" | "newShare2" | "epsilon"> = {
    slots: { mean: 0, meanSquare: 0, ...(amsgrad && { largestSquare: 0 }) },
    scalars: (step, learningRate) => ({
      rate: (learningRate * Math.sqrt(1 - beta2 ** (step + 1))) / (1 - beta1 ** (step + 1)),
      newShare1: 1 - beta1,
      newShare2: 1 - beta2,
      epsilon,
    }),
    update({ add, sub, mul, div, max, sqrt }, before, { rate, newShare1, newShare2, epsilon }) {
      const { gradient } = before;
      const mean = add(before.mean, mul(sub(gradient, before.mean), newShare1));
      const meanSquare = add(before.meanSquare, mul(sub(mul(gradient, gradient), before.meanSquare), newShare2));
      const largestSquare = amsgrad ? max(before.largestSquare, meanSquare) : meanSquare;
      const step = div(mul(mean, rate), add(sqrt(largestSquare), epsilon));
      return { step, mean, meanSquare, ...(amsgrad && { largestSquare }) };
    },
  };
  return new RuleOptimizer(name, rule, checkOptions(name, options));
}
