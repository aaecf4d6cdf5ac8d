import type { tf } from "../engine/tf.js";
import { attentionLayers } from "./attention/attention-layers.js";
import { convolutionLayers } from "./convolution/convolution-layers.js";
import { normalizationLayers } from "./normalization/normalization-layers.js";
import { regularizationLayers } from "./regularization/regularization-layers.js";
import { withKnownOptions } from "./stock/known-options.js";
import { stockLayers } from "./stock/stock-layers.js";
import type { TypedStockLayers } from "./stock/stock-types.js";
import { wrapperLayers } from "./wrappers/wrapper-layers.js";

type OwnLayers = typeof normalizationLayers &
  typeof regularizationLayers &
  typeof convolutionLayers &
  typeof attentionLayers &
  typeof wrapperLayers;

// Written out, because declarations would lose the docstrings of a type that is inferred.
type Layers = OwnLayers & TypedStockLayers & Omit<typeof tf.layers, keyof (OwnLayers & TypedStockLayers)>;

/**
 * Every layer by name: those of TensorFlow.js, and those that it lacks or has wrong. A layer goes into `build`, `tf.sequential`
 * or, with `apply`, on any symbolic tensor.
 *
 * @example
 * layers.conv2d({ filters: 16, kernelSize: 3, padding: "same", activation: "relu" });
 */
export const layers: Layers = {
  ...withKnownOptions({
    ...stockLayers,
    ...normalizationLayers,
    ...regularizationLayers,
    ...convolutionLayers,
    ...wrapperLayers,
  }),
  ...attentionLayers,
};
