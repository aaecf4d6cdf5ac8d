import { setGradient } from "./gradient.js";

import tf = require("../parts.cjs");

// TensorFlow.js gives -1 at 0, which pushes a weight of 0 away from it; TensorFlow and PyTorch give 0.
setGradient("Abs", { inputs: ["x"] }, (dy, [x]) => ({ x: () => tf.mul(dy, tf.sign(x!)) }));
