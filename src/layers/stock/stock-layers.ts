import { tf } from "../../engine/tf.js";
import "./checked-apply.js";
import "./open-reshape.js";
import type { TypedStockLayers } from "./stock-types.js";

/** The layers of TensorFlow.js, those with defaults for all options also without any. */
export const stockLayers = {
  ...tf.layers,
  globalAveragePooling2d: (config = {}) => tf.layers.globalAveragePooling2d(config),
  globalMaxPooling2d: (config = {}) => tf.layers.globalMaxPooling2d(config),
  upSampling2d: (config = {}) => tf.layers.upSampling2d(config),
} as unknown as TypedStockLayers & Omit<typeof tf.layers, keyof TypedStockLayers>;
