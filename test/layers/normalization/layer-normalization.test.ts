import { tf } from "../../../src/engine/tf.js";
import { layers } from "../../../src/layers/layers.js";
import { layerContract, readFixture } from "../../contracts/layer.js";

const fixture = readFixture("normalization");

layerContract("layerNormalization", {
  make: () => layers.layerNormalization(),
  inputShape: [4, 5],
  fixture: fixture("layerNormalization"),
});
layerContract("layerNormalization of two axes", {
  make: () => tf.layers.layerNormalization({ axis: [1, 2], epsilon: 0.01 }),
  inputShape: [3, 4],
  fixture: fixture("layerNormalization of two axes"),
});
layerContract("layerNormalization of an axis that is not the last", {
  make: () => layers.layerNormalization({ axis: -2, epsilon: 0.01 }),
  inputShape: [3, 4],
  fixture: fixture("layerNormalization of an inner axis"),
});
layerContract("layerNormalization without gamma", {
  make: () => layers.layerNormalization({ scale: false }),
  inputShape: [5],
  fixture: fixture("layerNormalization without gamma"),
});
layerContract("layerNormalization without beta", {
  make: () => layers.layerNormalization({ center: false }),
  inputShape: [5],
  fixture: fixture("layerNormalization without beta"),
});
layerContract("layerNormalization of videos", {
  make: () => layers.layerNormalization(),
  inputShape: [2, 2, 2, 3],
  fixture: fixture("layerNormalization of videos"),
});
