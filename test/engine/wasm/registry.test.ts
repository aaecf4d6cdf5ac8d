import { expect, it } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";

it("wasm has every kernel of the cpu backend but those for strings, ragged tensors and drawing", async () => {
  await tf.setBackend("cpu");
  await tf.setBackend("wasm");
  const names = (backend: string) => tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName);
  const onWasm = new Set(names("wasm"));
  expect(
    names("cpu")
      .filter((name) => !onWasm.has(name))
      .sort(),
  ).toEqual(["Draw", "RaggedGather", "RaggedRange", "RaggedTensorToTensor", "StaticRegexReplace"]);
});
