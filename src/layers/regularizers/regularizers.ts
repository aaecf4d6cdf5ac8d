import { checkNumber } from "../../core/check.js";
import { tf } from "../../engine/tf.js";
import { OrthogonalRegularizer, type OrthogonalRegularizerOptions } from "./orthogonal.js";

/** How much of `sum(|w|)` and of `sum(w^2)` the loss gets; each from 0. */
export interface L1L2Options {
  readonly l1?: number;
  readonly l2?: number;
}

/**
 * What a weight costs: an option such as `kernelRegularizer` of a layer. {@link penalize} sets it for a whole model.
 *
 * @example
 * layers.dense({ units: 16, kernelRegularizer: regularizers.l2({ l2: 1e-4 }) });
 */
export const regularizers = {
  /** `l1 * sum(|w|)`. @default l1 0.01 */
  l1: ({ l1 = 0.01 }: Pick<L1L2Options, "l1"> = {}) => l1l2("l1", { l1 }),
  /** `l2 * sum(w^2)`. @default l2 0.01 */
  l2: ({ l2 = 0.01 }: Pick<L1L2Options, "l2"> = {}) => l1l2("l2", { l2 }),
  /** Both, the elastic net. */
  l1l2: (options: L1L2Options = {}) => l1l2("l1l2", options),
  orthogonal: (options?: OrthogonalRegularizerOptions) => new OrthogonalRegularizer(options),
};

function l1l2(name: string, { l1 = 0, l2 = 0 }: L1L2Options) {
  checkNumber(`regularizers.${name}`, "l1", l1, { atLeast: 0 });
  checkNumber(`regularizers.${name}`, "l2", l2, { atLeast: 0 });
  return tf.regularizers.l1l2({ l1, l2 });
}
