import { adagrad } from "./adagrad.js";
import { adam, adamw } from "./adam.js";
import { adamax } from "./adamax.js";
import { lion } from "./lion.js";
import { nadam } from "./nadam.js";
import type { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./optimizer-options.js";
import { rmsprop } from "./rmsprop.js";
import { sgd } from "./sgd.js";

export type OptimizerName = "adagrad" | "adam" | "adamax" | "adamw" | "lion" | "nadam" | "rmsprop" | "sgd";

/** The optimizers by name. */
export const optimizers: Readonly<Record<OptimizerName, (options?: OptimizerOptions) => Optimizer>> = {
  adagrad,
  adam,
  adamax,
  adamw,
  lion,
  nadam,
  rmsprop,
  sgd,
};
