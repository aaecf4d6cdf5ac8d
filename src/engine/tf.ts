// TensorFlow.js as one namespace, as the union package has it, but from its parts: half the disk and half the start-up.
import "./backend.js";
import "./chained-ops.js";
import "./comparison-gradients.js";
import "./model-text.js";
import "./tensor-text.js";
import "./wasm-kernels.js";

export * from "@tensorflow/tfjs-converter";
export * from "@tensorflow/tfjs-core";
export * as data from "@tensorflow/tfjs-data";
export * from "@tensorflow/tfjs-layers";
