// A program: computes and trains a little on the backend that ETUDE_BACKEND names, and says as JSON what it found.
// Setup and doctor run it as a process of its own, because a library that does not fit ends the process.
import assert from "node:assert/strict";
import { tf } from "../tf.js";
import type { NativeDevice } from "./installation.js";

export interface SelfTest {
  readonly version: string;
  readonly device: NativeDevice;
}

const backend = tf.backend() as tf.KernelBackend & { isUsingGpuDevice: boolean; binding: { TF_Version: string } };

const product = tf.matMul(tf.fill([64, 32], 2), tf.fill([32, 64], 0.5));
assert.deepEqual([...new Set(product.dataSync())], [32], "a matrix product is wrong");

// One step of gradient descent on (w - 3)^2 from w = 1 with learning rate 0.25 ends at w = 2.
const w = tf.variable(tf.scalar(1));
tf.train.sgd(0.25).minimize(() => tf.square(tf.sub(w, 3)) as tf.Scalar);
assert.equal(w.dataSync()[0], 2, "a training step is wrong");

const answer: SelfTest = {
  version: backend.binding.TF_Version,
  device: backend.isUsingGpuDevice ? "gpu" : "cpu",
};
console.log(JSON.stringify(answer));
