import { afterEach, describe, expect, it } from "@jest/globals";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { relieve } from "../../../src/engine/lifetime/pressure.js";
import { tf } from "../../../src/engine/tf.js";

describe("the memory of the wasm backend", () => {
  const held: tf.Tensor[] = [];
  afterEach(() => {
    tf.dispose(held);
    held.length = 0;
  });

  /** A tensor whose values nobody writes, so that the machine lends it no memory. */
  function unheld(shape: number[]): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo((tf.backend() as BackendWasm).makeOutput(shape, "float32"));
  }

  function untouched(shape: number[]): tf.Tensor {
    const tensor = unheld(shape);
    held.push(tensor);
    return tensor;
  }

  it("a tensor past the end of 32-bit addresses is refused", () => {
    expect(() => tf.fill([2 ** 28, 5], 1)).toThrow(
      /^tf: there is no room for a float32 tensor \[268435456,5\] of 5,120 MiB: \d+ tensors hold \d+ MiB of the 4,096 MiB that the wasm backend can have\. Dispose of some, or use a smaller batch or model\.$/,
    );
  });

  it("the tensor that would not fit any more is refused, and all others keep their values and work", () => {
    const first = tf.tensor1d([1, 2, 3]);
    held.push(first);
    const fillUp = () => {
      for (let i = 0; i < 20; i++) untouched([2 ** 26]); // 256 MiB each
    };
    expect(fillUp).toThrow(/there is no room for a float32 tensor \[67108864\] of 256 MiB: \d+ tensors hold 3,\d+ MiB/);
    expect(held.length).toBeGreaterThan(12);
    expect(Array.from(first.dataSync())).toEqual([1, 2, 3]);
    const square = tf.tidy(
      () =>
        tf
          .matMul(tf.ones([300, 300]), tf.ones([300, 300]))
          .sum()
          .dataSync()[0],
    );
    expect(square).toBe(300 ** 3);
  });

  it("what was freed can be used again", () => {
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 12; i++) untouched([2 ** 26]);
      tf.dispose(held);
      held.length = 0;
    }
    expect(untouched([2 ** 26]).size).toBe(2 ** 26);
  });

  it("a tensor that would not fit takes the room of those that nothing reaches any more", () => {
    for (let i = 0; i < 9; i++) untouched([2 ** 26]); // 2,304 MiB
    relieve();
    for (let i = 0; i < 3; i++) unheld([2 ** 26]); // too little for a collection of its own accord
    expect(tf.engine().state.numTensors).toBe(12);
    expect(untouched([2 ** 27]).size).toBe(2 ** 27);
    expect(tf.engine().state.numTensors).toBe(10);
  });
});
