import { tf } from "../../engine/tf.js";

/** The layers of TensorFlow.js. */
export const stockLayers = { ...tf.layers };
