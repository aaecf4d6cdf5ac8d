import { setImmediate } from "node:timers/promises";
import { expect } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";

/** V8 compiles in the background, and what it compiles for holds on to values until it is done. */
const mostTurns = 200;

/** Expects that no tensor is left on the backend. */
export async function expectNothingLeft(): Promise<void> {
  for (let turn = 0; turn < mostTurns && tf.memory().numTensors > 0; turn++) await setImmediate();
  expect(tf.memory()).toMatchObject({ numTensors: 0, numDataBuffers: 0, numBytes: 0 });
}
