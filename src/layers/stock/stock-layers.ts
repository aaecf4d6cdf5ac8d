import { tf } from "../../engine/tf.js";
import { globalPools } from "../convolution/global-pooling.js";
import { groupedConv1d, groupedConv2d } from "../convolution/grouped-convolution.js";
import { type LayerKind, withAutomaticInitializer } from "../initializers/by-activation.js";
import { separableConv2d } from "../initializers/separable-convolution.js";
import { gru, gruCell } from "../wrappers/gru.js";
import { categoryEncoding } from "./category-encoding.js";
import "./checked-apply.js";
import { elu } from "./elu.js";
import "./embedding-config.js";
import { centerCrop, resizing } from "./images.js";
import "./open-reshape.js";
import { softmax } from "./softmax.js";
import type { TypedStockLayers } from "./stock-types.js";

const started = startedByActivation({
  dense: "dense",
  conv1d: "dense",
  conv2d: "dense",
  conv3d: "dense",
  conv2dTranspose: "transposed",
  conv3dTranspose: "transposed",
  depthwiseConv2d: "depthwise",
  simpleRNN: "recurrent",
  lstm: "recurrent",
});

/** The layers of TensorFlow.js, those with defaults for all options also without any. */
export const stockLayers = {
  ...tf.layers,
  ...started,
  ...globalPools,
  conv1d: (config: Grouped<"conv1d">) => (isGrouped(config) ? groupedConv1d(config) : started.conv1d(config)),
  conv2d: (config: Grouped<"conv2d">) => (isGrouped(config) ? groupedConv2d(config) : started.conv2d(config)),
  gru: (config: object = {}) => gru(withAutomaticInitializer(config, "recurrent")),
  gruCell,
  separableConv2d,
  categoryEncoding,
  centerCrop,
  resizing,
  elu,
  softmax,
  upSampling2d: (config: object = {}) => tf.layers.upSampling2d(config),
} as unknown as TypedStockLayers & Omit<typeof tf.layers, keyof TypedStockLayers>;

type Grouped<Name extends "conv1d" | "conv2d"> = Parameters<(typeof tf.layers)[Name]>[0] & { groups?: number };

function isGrouped<Config extends { groups?: number }>(config: Config): config is Config & { groups: number } {
  return (config?.groups ?? 1) !== 1;
}

/** Layers whose first weights go by their activation, where the config names no initializer. */
function startedByActivation<Name extends keyof typeof tf.layers>(kinds: Readonly<Record<Name, LayerKind>>) {
  return Object.fromEntries(
    Object.entries<LayerKind>(kinds).map(([name, kind]) => {
      const make = tf.layers[name as Name] as (config: object) => tf.layers.Layer;
      return [name, (config: object = {}) => make(withAutomaticInitializer(config, kind))];
    }),
  ) as Record<Name, (config?: object) => tf.layers.Layer>;
}
