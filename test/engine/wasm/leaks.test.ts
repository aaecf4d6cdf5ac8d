import { describe, expect, it } from "@jest/globals";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { tf } from "../../../src/engine/tf.js";
import { nets } from "../parity/nets.js";
import { train } from "../parity/train.js";

const backend = () => tf.backend() as BackendWasm;

describe("on wasm, training leaves nothing behind", () => {
  it.each(nets.map((net) => [net.name, net] as const))("%s", async (_, net) => {
    await train(tf, "wasm", net, 1); // what is made once and kept
    const before = { ...tf.memory(), ids: backend().numDataIds() };
    await train(tf, "wasm", net, 2);
    expect({ ...tf.memory(), ids: backend().numDataIds() }).toEqual(before);
  });

  it("the heap does not grow with the steps", async () => {
    const net = nets.find(({ name }) => name === "CNN with batch norm and dropout")!;
    const size = () => (backend().wasm as unknown as { HEAPU8: Uint8Array }).HEAPU8.length;
    await train(tf, "wasm", net, 5);
    const before = size();
    await train(tf, "wasm", net, 150);
    expect(size()).toBe(before);
  });
});

describe("a kernel that throws frees what it made", () => {
  it.each<[string, () => tf.Tensor]>([
    ["matMul of sizes that do not fit", () => tf.matMul(tf.ones([2, 3]), tf.ones([4, 2]))],
    ["gather past the end", () => tf.gather(tf.ones([2, 3]), tf.tensor1d([0, 2], "int32"))],
  ])("%s", (_, compute) => {
    const before = backend().numDataIds();
    expect(() => tf.tidy(() => compute())).toThrow();
    expect(backend().numDataIds()).toBe(before);
  });
});
