import "./backend.js";
import "./chained-ops.js";
import "./gradients/gradients.js";
import "./lifetime/engine-hooks.js";
import "./model-text.js";
import "./random-tensors.js";
import "./tensor-text.js";
import "./wasm/kernels.js";

import tf = require("./parts.cjs");

/** TensorFlow.js, started and completed: on its backend, with the methods, gradients and kernels that training needs. */
export { tf };
