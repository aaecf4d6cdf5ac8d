import "../constraints/depthwise-config.js";
import "./causal-convolution.js";
import { depthwiseConv1d } from "./depthwise-conv1d.js";
import { globalAveragePooling3d, globalMaxPooling3d } from "./global-pooling3d.js";
import { groupedConv1d, groupedConv2d } from "./grouped-convolution.js";
import "./separable-config.js";
import { separableConv1d } from "./separable-conv1d.js";

/** This room's share of {@link layers}: factories by name. */
export const convolutionLayers = {
  depthwiseConv1d,
  globalAveragePooling3d,
  globalMaxPooling3d,
  groupedConv1d,
  groupedConv2d,
  separableConv1d,
};
