// Operations that only move values: each value of `dy` goes back to where it came from.
import { setGradient } from "./gradient.js";

import tf = require("../parts.cjs");

/** Adds the values of `dy` up at the positions `places` of a tensor with this shape. */
function putBack(dy: tf.Tensor, places: tf.Tensor, shape: number[]): tf.Tensor {
  const ids = tf.reshape(places, [places.size]) as tf.Tensor1D;
  return tf.reshape(tf.unsortedSegmentSum(tf.reshape(dy, [dy.size]), ids, tf.util.sizeFromShape(shape)), shape);
}

/** Every position of a tensor with this shape, counted from 0: what is done to these says what comes from where. */
function placesOf(shape: number[]): tf.Tensor {
  return tf.reshape(tf.range(0, tf.util.sizeFromShape(shape), 1, "int32"), shape);
}

setGradient("StridedSlice", { inputs: ["x"] }, (dy, [x], attrs) => ({
  x: () => putBack(dy, tf.engine().runKernel("StridedSlice", { x: placesOf(x!.shape) }, attrs as never), x!.shape),
}));

setGradient("GatherNd", { inputs: ["params", "indices"] }, (dy, [params, indices]) => ({
  params: () => putBack(dy, tf.gatherND(placesOf(params!.shape), indices!), params!.shape),
}));

setGradient("ScatterNd", { inputs: ["indices"] }, (dy, [indices]) => ({
  updates: () => tf.gatherND(dy, indices!),
}));

setGradient("TensorScatterUpdate", { inputs: ["indices", "updates"] }, (dy, [indices, updates]) => ({
  tensor: () => tf.tensorScatterUpdate(dy, indices!, tf.zerosLike(updates!)),
  updates: () => tf.gatherND(dy, indices!),
}));

// Values that a mirror shows have several places; TensorFlow.js counts the one in the middle only.
setGradient("MirrorPad", { inputs: ["x"] }, (dy, [x], attrs) => ({
  x: () => putBack(dy, tf.engine().runKernel("MirrorPad", { x: placesOf(x!.shape) }, attrs as never), x!.shape),
}));

setGradient("FlipLeftRight", {}, (dy) => ({ image: () => tf.reverse(dy, 2) }));

setGradient("Diag", { inputs: ["x"] }, (dy, [x]) => ({
  x: () => {
    const places = tf.range(0, x!.size, 1, "int32").mul(tf.scalar(x!.size + 1, "int32"));
    return tf.reshape(tf.gather(tf.reshape(dy, [dy.size]), places as tf.Tensor1D), x!.shape);
  },
}));

setGradient("DepthToSpace", { inputs: ["x"] }, (dy, [x], attrs) => {
  const { blockSize: size, dataFormat } = attrs as tf.DepthToSpaceAttrs;
  return {
    x: () => {
      if (dataFormat === "NCHW") {
        const [images, channels, height, width] = x!.shape as tf.Tensor4D["shape"];
        const blocks = tf.reshape(dy, [images, channels / size ** 2, height, size, width, size]);
        return tf.reshape(tf.transpose(blocks, [0, 3, 5, 1, 2, 4]), x!.shape);
      }
      const [images, height, width, channels] = x!.shape as tf.Tensor4D["shape"];
      const blocks = tf.reshape(dy, [images, height, size, width, size, channels / size ** 2]);
      return tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4, 5]), x!.shape);
    },
  };
});

tf.registerGradient({
  kernelName: "TopK",
  inputsToSave: ["x"],
  outputsToSave: [false, true],
  gradFunc: (dy, [x, indices]) => ({
    x: () => {
      const [values] = dy as tf.Tensor[];
      const size = x!.shape.at(-1)!;
      const rows = x!.size / size;
      const starts = tf.reshape(tf.range(0, rows, 1, "int32").mul(tf.scalar(size, "int32")), [rows, 1]);
      return putBack(values!, tf.add(tf.reshape(indices!, [rows, -1]), starts), x!.shape);
    },
  }),
});
