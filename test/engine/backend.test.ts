import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

describe("ETUDE_BACKEND", () => {
  const given = process.env.ETUDE_BACKEND;
  beforeAll(() => {
    process.env.ETUDE_BACKEND = "gpu";
  });
  afterAll(() => {
    if (given === undefined) delete process.env.ETUDE_BACKEND;
    else process.env.ETUDE_BACKEND = given;
  });

  it("with an unknown name, the first tensor says which names there are, and what needs no tensor still works", async () => {
    const { tf } = await import("../../src/engine/tf.js");
    expect(tf.util.sizeFromShape([2, 3])).toBe(6);
    expect(() => tf.tensor([1])).toThrow(
      'tf: the environment variable ETUDE_BACKEND must be one of "wasm", "cpu", "tensorflow", got "gpu".',
    );
  });
});
