import { bottleneck } from "./bottleneck.js";
import { convNormActivation } from "./conv-norm-activation.js";
import { denseResidual } from "./dense-residual.js";
import { depthwiseSeparable } from "./depthwise-separable.js";
import { invertedResidual } from "./inverted-residual.js";
import { residual } from "./residual.js";
import { skip } from "./skip.js";
import { squeezeExcite } from "./squeeze-excite.js";

/**
 * Parts of models by name. Each gives a function from a symbolic tensor to a symbolic tensor, made of layers with names of
 * their own that save, load and compile like any others.
 *
 * @example
 * const y = blocks.residual({ filters: 32, stride: 2 })(x);
 */
export const blocks = {
  bottleneck,
  convNormActivation,
  denseResidual,
  depthwiseSeparable,
  invertedResidual,
  residual,
  skip,
  squeezeExcite,
};
