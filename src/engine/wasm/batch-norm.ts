import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { scaleColumns } from "../numerics/columns.js";
import { floats, kernelOf, setKernel, withTemporaries } from "./kernel.js";

import tf = require("../parts.cjs");

const add = kernelOf("Add");
const subtract = kernelOf("Sub");
const multiply = kernelOf("Multiply");
const rsqrt = kernelOf("Rsqrt");

type Inputs = Record<string, tf.TensorInfo>;

// The stock kernel repeats the statistics over and over along the last dimension, whichever dimension they belong to, and
// computes a square root for each value.
setKernel("FusedBatchNorm", (backend, inputs, attrs) => {
  const { varianceEpsilon } = attrs as tf.FusedBatchNormAttrs;
  const channels = inputs.x!.shape.at(-1)!;
  const isAlongLast = [inputs.mean, inputs.variance, inputs.scale, inputs.offset].every(
    (info) => !info || (info.shape.length === 1 && info.shape[0] === channels),
  );
  return isAlongLast ? byChannel(backend, inputs, varianceEpsilon) : broadcast(backend, inputs, varianceEpsilon);
});

function byChannel(backend: BackendWasm, inputs: Inputs, epsilon: number): tf.TensorInfo {
  const result = backend.makeOutput(inputs.x!.shape, "float32");
  const [x, mean, variance] = [inputs.x!, inputs.mean!, inputs.variance!].map((info) => floats(backend, info)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const scale = inputs.scale && floats(backend, inputs.scale);
  const slope = Float64Array.from(variance, (value, i) => (scale?.[i] ?? 1) / Math.sqrt(value + epsilon));
  const offset = Float64Array.from(inputs.offset ? floats(backend, inputs.offset) : new Float32Array(slope.length));
  const center = Float64Array.from(mean);
  scaleColumns(floats(backend, result), x, center, slope, offset);
  return result;
}

function broadcast(backend: BackendWasm, inputs: Inputs, varianceEpsilon: number): tf.TensorInfo {
  const { x, mean, variance, scale, offset } = inputs;
  return withTemporaries(backend, (temporary) => {
    const epsilon = temporary(backend.makeOutput([], "float32", undefined, Float32Array.of(varianceEpsilon)));
    const inverse = temporary(rsqrt(backend, { x: temporary(add(backend, { a: variance!, b: epsilon })) }));
    const slope = scale ? temporary(multiply(backend, { a: inverse, b: scale })) : inverse;
    const centered = temporary(subtract(backend, { a: x!, b: mean! }));
    const result = multiply(backend, { a: centered, b: slope });
    return offset ? add(backend, { a: temporary(result), b: offset }) : result;
  });
}
