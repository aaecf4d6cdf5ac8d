import { setGradient, sumTo } from "./gradient.js";

import tf = require("../parts.cjs");

// As in TensorFlow.js, and summed over the outer dimensions that one operand was broadcast along.
setGradient("BatchMatMul", { inputs: ["a", "b"] }, (dy, [a, b], attrs) => {
  const { transposeA, transposeB } = attrs as tf.BatchMatMulAttrs;
  const ofA = () => (transposeA ? tf.matMul(b!, dy, transposeB, true) : tf.matMul(dy, b!, false, !transposeB));
  const ofB = () => (transposeB ? tf.matMul(dy, a!, true, transposeA) : tf.matMul(a!, dy, !transposeA, false));
  return { a: () => sumTo(ofA(), a!.shape), b: () => sumTo(ofB(), b!.shape) };
});
