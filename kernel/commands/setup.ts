import { parseArgs } from "node:util";
import { EtudeError } from "../../src/core/errors.js";
import type { Command } from "./command.js";
import { removeNative, setUpNative } from "./setup-native.js";
import { stopSignal } from "./stop-signal.js";

/** `etude setup native`: what makes Etude faster or more capable but cannot come with it. */
export const setup: Command = {
  help: `Usage: etude setup native [--gpu] [--remove]

Builds the tensorflow backend: TensorFlow itself instead of WebAssembly. Fetches TensorFlow from pip and tfjs-node from
npm, compiles the addon between them with g++, tests it, and keeps it in a private folder (0.9 GB). Linux only.
Start Jupyter with ETUDE_BACKEND=tensorflow to use it; the default stays wasm, which is faster for small nets.

  --gpu     the build for NVIDIA GPUs, with the CUDA libraries (6 GB); needs the driver
  --remove  remove the folder again`,

  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { gpu: { type: "boolean" }, remove: { type: "boolean" } },
      allowPositionals: true,
    });
    if (positionals.length !== 1 || positionals[0] !== "native") {
      throw new EtudeError(`the thing to set up must be native, got ${JSON.stringify(positionals.join(" "))}.`);
    }
    if (values.gpu && values.remove) throw new EtudeError("--gpu and --remove do not go together. Use one of them.");
    if (values.remove) return removeNative();
    return setUpNative(values.gpu ? "gpu" : "cpu", stopSignal());
  },
};
