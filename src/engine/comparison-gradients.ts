import tf = require("./parts.cjs");

const binary = ["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual", "LogicalAnd", "LogicalOr"];

// A comparison is flat wherever it has a slope, so a loss may branch with `tf.where(error.less(1), ...)`; TensorFlow.js
// itself stops at "gradient function not found for Less".
for (const kernelName of binary) {
  tf.registerGradient({
    kernelName,
    inputsToSave: ["a", "b"],
    gradFunc: (_, [a, b]) => ({ a: () => tf.zerosLike(a as tf.Tensor), b: () => tf.zerosLike(b as tf.Tensor) }),
  });
}
tf.registerGradient({
  kernelName: "LogicalNot",
  inputsToSave: ["x"],
  gradFunc: (_, [x]) => ({ x: () => tf.zerosLike(x as tf.Tensor) }),
});
