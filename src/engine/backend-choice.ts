import { checkOneOf } from "../core/check.js";
import { findInstallation } from "./native/installation.js";

const backends = ["wasm", "cpu", "tensorflow"] as const;

/** The backend that `ETUDE_BACKEND` names, `wasm` if it names none. */
export function chosenBackend(): (typeof backends)[number] {
  return checkOneOf("tf", "the environment variable ETUDE_BACKEND", process.env.ETUDE_BACKEND || "wasm", backends);
}

/** Where tensors will live, in a few words for a person; loads nothing, so that it costs nothing. */
export function backendText(): string {
  try {
    const name = chosenBackend();
    if (name !== "tensorflow") return `tensors on ${name}`;
    const found = findInstallation();
    if (found.state !== "ready") return `no tensors: the tensorflow backend is ${found.state}, run etude setup native`;
    const { versions, device } = found.installation;
    return `tensors on TensorFlow ${versions.tensorflow} (${device.toUpperCase()})`;
  } catch (error) {
    return `no tensors: ${(error as Error).message}`;
  }
}
