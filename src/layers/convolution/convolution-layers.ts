import "../constraints/depthwise-config.js";
import { cropping1d, cropping3d, zeroPadding1d, zeroPadding3d } from "./borders.js";
import "./causal-convolution.js";
import { depthwiseConv1d } from "./depthwise-conv1d.js";
import { globalAveragePooling3d, globalMaxPooling3d } from "./global-pooling3d.js";
import "./separable-config.js";
import { separableConv1d } from "./separable-conv1d.js";
import { upSampling1d, upSampling3d } from "./up-sampling.js";

/** This room's share of {@link layers}: factories by name. */
export const convolutionLayers = {
  cropping1d,
  cropping3d,
  depthwiseConv1d,
  globalAveragePooling3d,
  globalMaxPooling3d,
  separableConv1d,
  upSampling1d,
  upSampling3d,
  zeroPadding1d,
  zeroPadding3d,
};
