import { setGradient } from "./gradient.js";

import tf = require("../parts.cjs");

const binary = ["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual", "LogicalAnd", "LogicalOr"];

// A comparison is flat wherever it has a slope, so a loss may branch with `tf.where(error.less(1), ...)`; TensorFlow.js
// itself stops at "gradient function not found for Less".
for (const kernelName of binary) {
  setGradient(kernelName, { inputs: ["a", "b"] }, (_, [a, b]) => ({
    a: () => tf.zeros(a!.shape),
    b: () => tf.zeros(b!.shape),
  }));
}
for (const kernelName of ["LogicalNot", "All", "Any"]) {
  setGradient(kernelName, { inputs: ["x"] }, (_, [x]) => ({ x: () => tf.zeros(x!.shape) }));
}
