import { tf } from "../../../src/engine/tf.js";

/** The backends that every test of lifetime runs on; where tensorflow is installed and asked for, that one. */
export const backends = process.env.ETUDE_BACKEND === "tensorflow" ? ["tensorflow"] : ["wasm", "cpu"];

/** Runs `work` on a backend and goes back to the one before. */
export async function onBackend<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  const before = tf.getBackend();
  await tf.setBackend(name);
  try {
    return await work();
  } finally {
    await tf.setBackend(before);
  }
}
