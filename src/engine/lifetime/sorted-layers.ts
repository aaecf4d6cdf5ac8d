import tf = require("../parts.cjs");

const flag = "TOPOLOGICAL_SORT_CACHE_MAX_ENTRIES";

/**
 * Lets go of the models that TensorFlow.js remembers: it keeps the order of the layers of the last 100 models that ran,
 * and with it their weights. A model that still runs is sorted once more.
 */
export function forgetSortedLayers(): void {
  const entries = tf.env().getNumber(flag);
  tf.env().set(flag, 0);
  tf.env().set(flag, entries);
}
