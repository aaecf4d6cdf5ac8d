import tf = require("./parts.cjs");

/** The classes that TensorFlow.js brings itself. */
const stock = new Set(Object.keys(tf.serialization.SerializationMap.getMap().classNameMap));

/** Whether a layer of `model` is of a class that TensorFlow.js does not bring. */
export function hasOwnLayers(model: tf.LayersModel): boolean {
  return model.layers.some((layer) => {
    return layer instanceof tf.LayersModel ? hasOwnLayers(layer) : !stock.has(layer.getClassName());
  });
}
