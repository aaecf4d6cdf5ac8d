import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { EtudeError } from "../core/errors.js";
import { chosenBackend } from "./backend-choice.js";
import { correctCpuKernels } from "./cpu/kernels.js";
import { nativeBackend } from "./native/native-backend.js";

import type cpu = require("@tensorflow/tfjs-backend-cpu");
import wasm = require("@tensorflow/tfjs-backend-wasm");
import tf = require("./parts.cjs");

const require = createRequire(import.meta.url);

/** Starts the chosen backend; the others start when `tf.setBackend` first names them. */
async function startBackend(): Promise<void> {
  tf.enableProdMode(); // no greetings and hints on the user's page
  const name = chosenBackend();
  // Loaded at its first use only: most sessions stay on wasm.
  tf.registerBackend("cpu", () => {
    const { MathBackendCPU }: typeof cpu = require("@tensorflow/tfjs-backend-cpu");
    correctCpuKernels();
    return new MathBackendCPU();
  });
  tf.registerBackend("tensorflow", nativeBackend);
  if (name === "tensorflow") nativeBackend(); // says why it cannot start, which tf.setBackend would keep to itself
  wasm.setWasmPaths(join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")), "/"));
  const isStarted = await tf.setBackend(name);
  removeFatalListeners();
  if (!isStarted) throw new EtudeError(`tf: the ${name} backend did not start. Reinstall etude-ml.`);
}

/** The start of a wasm module makes uncaught errors and rejections fatal for the whole process; that is not its to decide. */
function removeFatalListeners(): void {
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    for (const listener of process.listeners(event as NodeJS.Signals)) {
      const isRethrow = /^function \((ex|reason)\) \{[^}]*throw \1;/.test(String(listener));
      if (isRethrow) process.removeListener(event, listener);
    }
  }
}

/** Makes every use of a tensor throw `reason`, while all that needs no tensors goes on working. */
function refuseTensors(reason: unknown): void {
  Object.defineProperty(tf.engine(), "backend", {
    get() {
      throw reason;
    },
  });
}

// Awaited while the module loads, so that `tf.tensor(...)` is a plain synchronous call in the first cell already.
await startBackend().catch(refuseTensors);
