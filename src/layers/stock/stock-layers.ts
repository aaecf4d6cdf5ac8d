import { tf } from "../../engine/tf.js";
import { type LayerKind, withAutomaticInitializer } from "../initializers/by-activation.js";
import { separableConv2d } from "../initializers/separable-convolution.js";
import { categoryEncoding } from "./category-encoding.js";
import "./checked-apply.js";
import { elu } from "./elu.js";
import "./embedding-config.js";
import { centerCrop, resizing } from "./images.js";
import "./open-reshape.js";
import { softmax } from "./softmax.js";
import type { TypedStockLayers } from "./stock-types.js";

/** The layers of TensorFlow.js, those with defaults for all options also without any. */
export const stockLayers = {
  ...tf.layers,
  ...startedByActivation({
    dense: "dense",
    conv1d: "dense",
    conv2d: "dense",
    conv3d: "dense",
    conv2dTranspose: "transposed",
    conv3dTranspose: "transposed",
    depthwiseConv2d: "depthwise",
    simpleRNN: "recurrent",
    gru: "recurrent",
    lstm: "recurrent",
  }),
  separableConv2d,
  categoryEncoding,
  centerCrop,
  resizing,
  elu,
  softmax,
  globalAveragePooling2d: (config = {}) => tf.layers.globalAveragePooling2d(config),
  globalMaxPooling2d: (config = {}) => tf.layers.globalMaxPooling2d(config),
  upSampling2d: (config = {}) => tf.layers.upSampling2d(config),
} as unknown as TypedStockLayers & Omit<typeof tf.layers, keyof TypedStockLayers>;

/** Layers whose first weights go by their activation, where the config names no initializer. */
function startedByActivation(kinds: Partial<Record<keyof typeof tf.layers, LayerKind>>) {
  return Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => {
      const make = tf.layers[name as keyof typeof tf.layers] as (config: object) => tf.layers.Layer;
      return [name, (config: object = {}) => make(withAutomaticInitializer(config, kind))];
    }),
  );
}
