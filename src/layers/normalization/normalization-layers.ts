import "./batch-normalization.js";
import "./layer-normalization.js";
import { groupNormalization, instanceNormalization } from "./group-normalization.js";
import { rmsNormalization } from "./rms-normalization.js";
import { spectralNormalization } from "./spectral-normalization.js";
import { unitNormalization } from "./unit-normalization.js";

/** This room's share of {@link layers}: factories by name. */
export const normalizationLayers = {
  groupNormalization,
  instanceNormalization,
  rmsNormalization,
  unitNormalization,
  spectralNormalization,
};
