import { kernelOf, setKernel, withTemporaries } from "./kernel.js";

import tf = require("../parts.cjs");

const stock = kernelOf("FusedBatchNorm");
const add = kernelOf("Add");
const subtract = kernelOf("Sub");
const multiply = kernelOf("Multiply");
const rsqrt = kernelOf("Rsqrt");

// The stock kernel repeats the statistics over and over along the last dimension, whichever dimension they belong to.
setKernel("FusedBatchNorm", (backend, inputs, attrs) => {
  const { x, mean, variance, scale, offset } = inputs;
  const isAlongLast = [mean, variance, scale, offset].every(
    (info) => !info || info.shape.length === 1 || tf.util.arraysEqual(info.shape, x!.shape),
  );
  if (isAlongLast) return stock(backend, inputs, attrs);
  const { varianceEpsilon } = attrs as tf.FusedBatchNormAttrs;
  return withTemporaries(backend, (temporary) => {
    const epsilon = temporary(backend.makeOutput([], "float32", undefined, Float32Array.of(varianceEpsilon)));
    const inverse = temporary(rsqrt(backend, { x: temporary(add(backend, { a: variance!, b: epsilon })) }));
    const slope = scale ? temporary(multiply(backend, { a: inverse, b: scale })) : inverse;
    const centered = temporary(subtract(backend, { a: x!, b: mean! }));
    const result = multiply(backend, { a: centered, b: slope });
    return offset ? add(backend, { a: temporary(result), b: offset }) : result;
  });
});
