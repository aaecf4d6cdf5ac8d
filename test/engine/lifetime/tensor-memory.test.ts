import { describe, expect, it } from "@jest/globals";
import { tensorMemory } from "../../../src/engine/lifetime/tensor-memory.js";
import { tf } from "../../../src/engine/tf.js";

function shown(memory: object): Record<string, string> {
  return (memory as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!();
}

/** In a function of its own, so that no register of the test still holds the tensors. */
function makeGarbage(): void {
  tf.zeros([1000]).add(1);
}

describe("tensorMemory", () => {
  it("tells weights, state and other tensors apart, and how much they grew since the call before", () => {
    tensorMemory();
    const weight = tf.variable(tf.zeros([10, 10]));
    const slot = tf.variable(tf.zeros([5]), false);
    const x = tf.zeros([100]);
    const view = x.reshape([10, 10]); // shares the data of x
    makeGarbage();
    const memory = tensorMemory();
    expect(memory).toEqual({
      backend: "wasm",
      tensors: 4,
      bytes: 820,
      weights: { tensors: 1, bytes: 400 },
      state: { tensors: 1, bytes: 20 },
      other: { tensors: 2, bytes: 400 },
      heapBytes: expect.any(Number),
      growth: { tensors: 4, bytes: 820 },
    });
    tf.dispose([weight, slot, x, view]);
    expect(tensorMemory()).toMatchObject({ tensors: 0, bytes: 0, growth: { tensors: -4, bytes: -820 } });
  });

  it("counts what a tidy that runs has made", () => {
    tf.tidy(() => {
      tf.zeros([3]);
      expect(tensorMemory().other).toEqual({ tensors: 1, bytes: 12 });
    });
  });

  it("shows a table", () => {
    const x = tf.zeros([250_000]);
    const { "text/plain": text, "text/html": page } = shown(tensorMemory());
    expect(text).toMatch(/^Tensors on the wasm backend, [\d.]+ MB taken from the system\n +tensors +MB\nweights/);
    expect(text).toMatch(/\nother tensors +1 +1\n/);
    expect(page).toContain("<td");
    x.dispose();
  });

  it("knows no heap of the cpu backend", async () => {
    await tf.setBackend("cpu");
    expect(tensorMemory()).toMatchObject({ backend: "cpu", heapBytes: null });
    expect(shown(tensorMemory())["text/plain"]).toMatch(/^Tensors on the cpu backend\n/);
    await tf.setBackend("wasm");
  });
});
