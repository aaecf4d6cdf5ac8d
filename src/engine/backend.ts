import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { enableProdMode, engine, setBackend } from "@tensorflow/tfjs-core";
import { checkOneOf } from "../core/check.js";
import { EtudeError } from "../core/errors.js";

const backends = ["wasm", "cpu"] as const;

/** Starts the backend that `ETUDE_BACKEND` names, `wasm` if it names none. */
async function startBackend(): Promise<void> {
  enableProdMode(); // no greetings and hints on the user's page
  const name = checkOneOf(
    "tf",
    "the environment variable ETUDE_BACKEND",
    process.env.ETUDE_BACKEND || "wasm",
    backends,
  );
  const wasm = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(join(dirname(wasm), "/"));
  const isStarted = await setBackend(name);
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
  Object.defineProperty(engine(), "backend", {
    get() {
      throw reason;
    },
  });
}

// Awaited while the module loads, so that `tf.tensor(...)` is a plain synchronous call in the first cell already.
await startBackend().catch(refuseTensors);
