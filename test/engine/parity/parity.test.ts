import { afterAll, describe, expect, it } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";
import { nets } from "./nets.js";
import { difference, train } from "./train.js";

describe("six Adam steps on wasm and on cpu end at the same losses and weights", () => {
  afterAll(async () => {
    await tf.setBackend("wasm");
  });

  it.each(nets.map((net) => [net.name, net] as const))("%s", async (_, net) => {
    const expected = await train(tf, "cpu", net);
    const got = await train(tf, "wasm", net);
    expect(expected.losses.at(-1)).not.toBe(expected.losses[0]);
    expect(difference(got, expected)).toBeLessThan(1e-5);
  });
});
