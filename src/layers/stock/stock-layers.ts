import { tf } from "../../engine/tf.js";
import "./checked-apply.js";
import "./open-reshape.js";

/** The layers of TensorFlow.js. */
export const stockLayers = { ...tf.layers };
