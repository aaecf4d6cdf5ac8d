import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { tf } from "../../src/engine/tf.js";
import { loadWeights } from "../../src/models/load-weights.js";
import { writeSafetensors } from "../../src/models/safetensors.js";
import { saveModel } from "../../src/models/save-model.js";
import { temporaryFolder } from "./temporary-folder.js";
import { randomiseWeights, weightsOf } from "./tiny-models.js";

let path: string;

beforeEach(() => {
  path = join(temporaryFolder(), "weights.safetensors");
});

/** As a cell makes it: the layers get new names at every run. */
function net(units = 2, names: string[] = []): tf.LayersModel {
  const layer = (units: number, i: number) => tf.layers.dense({ units, ...(names[i] && { name: names[i] }) });
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [2] }));
  model.add(layer(units, 0));
  model.add(layer(2, 1));
  return model;
}

const float = (...shape: number[]) => ({ data: new Float32Array(shape.reduce((a, b) => a * b)).fill(0.5), shape });

describe("loadWeights", () => {
  it("takes the weights of a saved model whose layers are called otherwise, in their order", async () => {
    const [saved, again] = [net(), net()];
    randomiseWeights(saved);
    await saveModel(saved, path);
    expect(again.layers[1]!.name).not.toBe(saved.layers[1]!.name);
    await loadWeights(again, path);
    expect(weightsOf(again)).toEqual(weightsOf(saved));
  });

  it("goes by the names when they agree, whatever the order", async () => {
    const [saved, swapped] = [net(2, ["a", "b"]), net(2, ["b", "a"])];
    randomiseWeights(saved);
    await saveModel(saved, path);
    await loadWeights(swapped, path);
    const [a, aBias, b, bBias] = weightsOf(saved);
    expect(weightsOf(swapped)).toEqual([b, bBias, a, aBias]);
  });

  it("takes any safetensors file with the names of the weights, and numbers of other types", async () => {
    const arrays = new Map([
      ["a/kernel", { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] }],
      ["a/bias", { data: Int32Array.of(5, 6), shape: [2] }],
      ["b/kernel", { data: BigInt64Array.of(1n, 2n, 3n, 4n), shape: [2, 2] }],
      ["b/bias", { data: Float32Array.of(0.5, 0.25), shape: [2] }],
    ]);
    await writeSafetensors(path, { arrays, metadata: {} });
    const model = net(2, ["a", "b"]);
    await loadWeights(model, path);
    expect(weightsOf(model)).toEqual([
      [1, 2, 3, 4],
      [5, 6],
      [1, 2, 3, 4],
      [0.5, 0.25],
    ]);
  });

  it("keeps no tensor", async () => {
    const model = net();
    await saveModel(model, path);
    const before = tf.memory().numTensors;
    await loadWeights(model, path);
    expect(tf.memory().numTensors).toBe(before);
  });

  describe("says in one sentence, and changes nothing for,", () => {
    it.each<[string, () => Promise<void>, string]>([
      ["a missing file", async () => undefined, "there is no file PATH (looked in "],
      ["a file of Keras", async () => writeFileSync(path, "PK\x03\x04rest"), "PATH is a file of Keras. Run "],
      [
        "another size",
        () => saveModel(net(3, ["c", "d"]), path),
        'the weight "a/kernel" has shape [2,2], and "c/kernel" of PATH has [2,3].',
      ],
      [
        "other layers",
        () => saveModel(tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] }), path),
        "the model has 4 weights, and PATH has 2. Build the model with the same layers, or use loadModel.",
      ],
      [
        "foreign names",
        () => writeSafetensors(path, { arrays: new Map([["fc.weight", float(2, 2)]]), metadata: { format: "pt" } }),
        'PATH has no "a/kernel". It has 1 arrays, such as "fc.weight", and they must be named as the weights of the model.',
      ],
      [
        "the right names with another shape",
        async () => {
          const names = ["a/kernel", "a/bias", "b/kernel", "b/bias"];
          await writeSafetensors(path, { arrays: new Map(names.map((name) => [name, float(2)])), metadata: {} });
        },
        'the weight "a/kernel" has shape [2,2], and "a/kernel" of PATH has [2].',
      ],
    ])("%s", async (_, write, message) => {
      const model = net(2, ["a", "b"]);
      const before = weightsOf(model);
      await write();
      await expect(loadWeights(model, path)).rejects.toThrow(
        `loadWeights: ${message.replace("PATH", JSON.stringify(path))}`,
      );
      expect(weightsOf(model)).toEqual(before);
    });

    it("what is no model", async () => {
      await expect(loadWeights({} as never, path)).rejects.toThrow(
        "loadWeights: model must be a tf.LayersModel, got a Object.",
      );
    });
  });
});
