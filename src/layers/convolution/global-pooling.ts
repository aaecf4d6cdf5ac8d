// `keepDims` of the global pools of steps and of images, which TensorFlow.js passes over.
import { tf } from "../../engine/tf.js";
import { only, register } from "../own-layer.js";

export interface KeepDims {
  /** The axes that are pooled stay, of size 1. @default false */
  readonly keepDims?: boolean;
}

type LayerClass = tf.serialization.SerializableConstructor<tf.serialization.Serializable>;

interface GlobalPool extends tf.layers.Layer {
  keepDims?: boolean;
  readonly dataFormat?: "channelsFirst" | "channelsLast";
}

/** The factory `make` of TensorFlow.js, whose layers keep their axes on demand. */
function withKeepDims<Config extends object>(make: (config: Config) => tf.layers.Layer) {
  const own = (config: Config & KeepDims = {} as Config): tf.layers.Layer => {
    return Object.assign(make(config), { keepDims: config.keepDims ?? false });
  };
  const prototype = Object.getPrototypeOf(make({ name: "any" } as unknown as Config)) as GlobalPool;
  const { call, computeOutputShape, getConfig } = prototype;

  prototype.computeOutputShape = function (this: GlobalPool, inputShape) {
    if (!this.keepDims) return computeOutputShape.call(this, inputShape);
    return kept(this, inputShape as tf.Shape);
  };
  prototype.call = function (this: GlobalPool, inputs, kwargs) {
    if (!this.keepDims) return call.call(this, inputs, kwargs);
    return tf.tidy(() => {
      const { shape } = only(inputs);
      return tf.reshape(only(call.call(this, inputs, kwargs)), kept(this, shape) as number[]);
    });
  };
  prototype.getConfig = function (this: GlobalPool) {
    return { ...getConfig.call(this), keepDims: this.keepDims ?? false };
  };
  const layerClass = prototype.constructor as unknown as LayerClass;
  layerClass.fromConfig = ((_: LayerClass, config: Config) => own(config)) as unknown as LayerClass["fromConfig"];
  register(layerClass);
  return own;
}

function kept({ dataFormat }: GlobalPool, shape: tf.Shape): tf.Shape {
  const channels = dataFormat === "channelsFirst" ? 1 : shape.length - 1;
  return shape.map((size, axis) => (axis === 0 || axis === channels ? size : 1));
}

export const globalPools = {
  globalAveragePooling1d: withKeepDims((config: object) => tf.layers.globalAveragePooling1d(config)),
  globalAveragePooling2d: withKeepDims((config: object) => tf.layers.globalAveragePooling2d(config)),
  globalMaxPooling1d: withKeepDims((config: object) => tf.layers.globalMaxPooling1d(config)),
  globalMaxPooling2d: withKeepDims((config: object) => tf.layers.globalMaxPooling2d(config)),
};
