import { createRequire } from "node:module";
import os from "node:os";
import { join } from "node:path";
import { EtudeError } from "../../core/errors.js";
import { correctDilatedGradients } from "./dilated-depthwise.js";
import { installationIn, nativeFolder } from "./installation.js";
import { registerMissingKernels } from "./missing-kernels.js";
import { PackageLoader } from "./package-loader.js";

import tf = require("../parts.cjs");

const require = createRequire(import.meta.url);

/** The addon `tfjs_binding.node`, as far as it is used here. */
interface Binding {
  createTensor(shape: readonly number[], dtype: number, values: tf.BackendValues): number;
}

interface TensorRecord {
  readonly dtype: number;
  id: number;
  values: tf.BackendValues | null;
}

/** The backend class of tfjs-node, as far as it is used here. */
interface NodeBackend extends tf.KernelBackend {
  readonly binding: Binding;
  readonly tensorMap: tf.DataStorage<TensorRecord>;
}
type NodeBackendClass = new (binding: Binding, packageName: string) => NodeBackend;

let started: tf.KernelBackend | undefined;

/** The backend that computes with TensorFlow itself, loaded at the first call; throws one sentence if it cannot be. */
export function nativeBackend(): tf.KernelBackend {
  started ??= load(nativeFolder());
  return started;
}

function load(folder: string): tf.KernelBackend {
  const { device } = installationIn(folder);
  const loader = new PackageLoader({
    "@tensorflow/tfjs": tf,
    "@tensorflow/tfjs-core": tf,
    util: { isArray: Array.isArray, isNullOrUndefined: (value: unknown) => value == null }, // Node 23 removed them
    os,
    "./proto/api_pb": {}, // for TensorBoard files only
  });
  const { NodeJSKernelBackend } = loader.load(join(folder, "tfjs-node", "nodejs_kernel_backend.js")) as {
    NodeJSKernelBackend: NodeBackendClass;
  };
  loader.load(join(folder, "tfjs-node", "register_all_kernels.js"));
  registerMissingKernels();
  correctDilatedGradients();
  const packageName = device === "gpu" ? "@tensorflow/tfjs-node-gpu" : "@tensorflow/tfjs-node";
  return new (writingAtOnce(NodeJSKernelBackend))(loadBinding(folder), packageName);
}

/**
 * tfjs-node keeps the array that a tensor is made from until the tensor's first use, so that a later change of the array
 * changed the tensor or not. Here the values are copied when the tensor is made, as on the wasm backend.
 */
function writingAtOnce(Base: NodeBackendClass): NodeBackendClass {
  return class extends Base {
    override move(...[dataId, values, shape, dtype, refCount]: Parameters<tf.KernelBackend["move"]>): void {
      // Some kernels of cpu keep integers as floats, which TensorFlow would not take.
      const fitting = dtype === "string" ? values : tf.util.toTypedArray(values as tf.TypedArray, dtype);
      super.move(dataId, fitting, shape, dtype, refCount);
      const record = this.tensorMap.get(dataId);
      record.id = this.binding.createTensor(shape, record.dtype, fitting);
      record.values = null;
    }

    override memory(): { unreliable: boolean } {
      return { unreliable: false }; // every tensor has memory of its own, which ends with it
    }
  };
}

function loadBinding(folder: string): Binding {
  try {
    require(join(folder, "quiet_start.node")); // no greetings and hints on the user's page
    return require(join(folder, "tfjs_binding.node")) as Binding;
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0];
    throw new EtudeError(`tf: the tensorflow backend does not load (${reason}). Repair it: etude setup native.`);
  }
}
