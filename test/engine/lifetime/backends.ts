import { tf } from "../../../src/engine/tf.js";

/** The backends that every test of lifetime runs on. */
export const backends = ["wasm", "cpu"] as const;

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
