import { setGradient } from "./gradient.js";

import tf = require("../parts.cjs");

// Each value of x is a factor of the products from its own place on: sum(dy * products) / x. As in TensorFlow, the
// gradient where x is 0 is 0.
setGradient("Cumprod", { inputs: ["x"], output: true }, (dy, [x, products], attrs) => {
  const { axis, exclusive, reverse } = attrs as tf.CumprodAttrs;
  return { x: () => tf.divNoNan(tf.cumsum(tf.mul(dy, products!), axis, exclusive, !reverse), x!) };
});
