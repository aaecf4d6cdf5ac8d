import { registerGradient, type Tensor, zerosLike } from "@tensorflow/tfjs-core";

const binary = ["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual", "LogicalAnd", "LogicalOr"];

// A comparison is flat wherever it has a slope, so a loss may branch with `tf.where(error.less(1), ...)`; TensorFlow.js
// itself stops at "gradient function not found for Less".
for (const kernelName of binary) {
  registerGradient({
    kernelName,
    inputsToSave: ["a", "b"],
    gradFunc: (_, [a, b]) => ({ a: () => zerosLike(a as Tensor), b: () => zerosLike(b as Tensor) }),
  });
}
registerGradient({
  kernelName: "LogicalNot",
  inputsToSave: ["x"],
  gradFunc: (_, [x]) => ({ x: () => zerosLike(x as Tensor) }),
});
