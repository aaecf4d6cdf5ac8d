import { activityRegularization } from "./activity-regularization.js";
import { alphaDropout } from "./alpha-dropout.js";
import { dropPath } from "./drop-path.js";
import { spatialDropout2d, spatialDropout3d } from "./spatial-dropout.js";

/** This room's share of {@link layers}: factories by name. */
export const regularizationLayers = {
  activityRegularization,
  alphaDropout,
  dropPath,
  spatialDropout2d,
  spatialDropout3d,
};
