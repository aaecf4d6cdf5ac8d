import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it, jest } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import { tf } from "../../src/engine/tf.js";
import { loadModel } from "../../src/models/load-model.js";
import { readSafetensors, writeSafetensors } from "../../src/models/safetensors.js";
import { saveModel } from "../../src/models/save-model.js";
import { cannotCompute, everyLayer, redescribed } from "./every-layer.js";
import { temporaryFolder } from "./temporary-folder.js";
import { outputsOf, randomiseWeights, weightsOf } from "./tiny-models.js";

let path: string;

beforeEach(() => {
  path = join(temporaryFolder(), "model.safetensors");
});

async function saveAndLoad(model: tf.LayersModel): Promise<tf.LayersModel> {
  await saveModel(model, path);
  return loadModel(path);
}

const dense = (units: number, name: string) => tf.layers.dense({ units, name, activation: "tanh" });
const apply = (layer: tf.layers.Layer, ...inputs: tf.SymbolicTensor[]) =>
  layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as tf.SymbolicTensor;

/** Two inputs through one encoder, a model with a layer of the same name as one outside, and a layer used twice. */
function siamese(): tf.LayersModel {
  const image = tf.input({ shape: [4] });
  const encoder = tf.model({ inputs: image, outputs: apply(dense(3, "dense"), image), name: "encoder" });
  const inputs = [tf.input({ shape: [4] }), tf.input({ shape: [4] })];
  const twice = dense(3, "dense");
  const codes = inputs.map((input) => apply(twice, apply(twice, apply(encoder, input))));
  return tf.model({ inputs, outputs: [apply(tf.layers.dot({ axes: 1 }), ...codes), codes[0]!] });
}

class Scale extends tf.layers.Layer {
  static className = "TestScale";
  private factor!: tf.layers.Layer["weights"][number];

  constructor(private readonly args: { kind: string }) {
    super(args as object);
  }

  override build(): void {
    this.factor = this.addWeight("factor", [1], "float32", tf.initializers.ones());
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul([inputs].flat()[0]!, this.factor.read());
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), kind: this.args.kind };
  }
}

describe("every layer of tf.layers is the same after saving and loading", () => {
  it("and the list is whole", () => {
    const others =
      /^(globalMaxPool\dd|maxPool\dd|avgPool(ing)?\dd|input|inputLayer|Layer|RNN|RNNCell|.*Cells?|randomWidth)$/;
    const names = Object.keys(tf.layers).filter((name) => !others.test(name));
    expect(names.filter((name) => !(name in everyLayer))).toEqual([]);
  });

  it.each(Object.entries(everyLayer))("%s", async (name, build) => {
    const model = build();
    randomiseWeights(model);
    const loaded = await saveAndLoad(model);
    expect(weightsOf(loaded)).toEqual(weightsOf(model));
    if (!cannotCompute.includes(name)) expect(outputsOf(loaded)).toEqual(outputsOf(model));
    for (const layer of model.layers) layer.trainable = false;
    expect((await saveAndLoad(model)).trainableWeights).toHaveLength(0);
    if (redescribed.includes(name)) return;
    await saveModel(loaded, path);
    const first = readFileSync(path);
    await saveModel(await loadModel(path), path);
    expect(readFileSync(path).equals(first)).toBe(true);
  });
});

describe("a saved model", () => {
  it("with shared layers, a model inside and equal names comes back with equal outputs and as many weights", async () => {
    const model = siamese();
    randomiseWeights(model);
    const loaded = await saveAndLoad(model);
    expect(outputsOf(loaded)).toEqual(outputsOf(model));
    expect(loaded.trainableWeights).toHaveLength(model.trainableWeights.length);
  });

  it("keeps a layer shared that a model inside and the model around it both use", async () => {
    const shared = dense(4, "shared");
    const inside = tf.input({ shape: [4] });
    const block = tf.model({ inputs: inside, outputs: apply(shared, inside), name: "block" });
    const x = tf.input({ shape: [4] });
    const loaded = await saveAndLoad(tf.model({ inputs: x, outputs: apply(shared, apply(block, x)) }));
    expect((await readSafetensors(path)).arrays.size).toBe(2);
    expect(new Set(loaded.weights.map((weight) => weight.read())).size).toBe(2);
    const before = tf.memory().numTensors;
    loaded.dispose();
    expect(tf.memory().numTensors).toBe(before - 2);
  });

  it("keeps what is frozen: a layer, a model inside, and a weight", async () => {
    const base = tf.sequential({
      layers: [tf.layers.dense({ units: 3, inputShape: [4] }), dense(3, "b")],
      name: "base",
    });
    const model = tf.sequential({ layers: [base, dense(3, "frozen"), dense(2, "free"), dense(2, "half")] });
    base.trainable = false;
    model.getLayer("frozen").trainable = false;
    model.getLayer("half").weights[1]!.trainable = false;
    const loaded = await saveAndLoad(model);
    expect(loaded.trainableWeights.map((weight) => weight.shape)).toEqual([[3, 2], [2], [2, 2]]);
    expect(loaded.layers.map((layer) => layer.trainable)).toEqual([false, false, true, true]);
    (loaded.layers[0] as tf.LayersModel).trainable = true;
    expect(loaded.trainableWeights).toHaveLength(7);
  });

  it("keeps weights outside a constraint as they are", async () => {
    const model = tf.sequential();
    model.add(tf.layers.dense({ units: 2, inputShape: [2], kernelConstraint: "nonNeg" }));
    (model.weights[0]!.read() as tf.Variable).assign(tf.tensor2d([-1, 2, -3, 4], [2, 2]));
    expect(weightsOf(await saveAndLoad(model))[0]).toEqual([-1, 2, -3, 4]);
  });

  it("keeps the notes of fit and those of the caller", async () => {
    const model = mlp({ inputs: 2, outputs: 2 });
    model.setUserDefinedMetadata({ loss: "crossEntropy", classes: ["old"] });
    await saveModel(model, path, { metadata: { classes: ["cat", "dog"], nested: { note: null } } });
    expect((await loadModel(path)).getUserDefinedMetadata()).toEqual({
      loss: "crossEntropy",
      classes: ["cat", "dog"],
      nested: { note: null },
    });
    expect(model.getUserDefinedMetadata()).toEqual({ loss: "crossEntropy", classes: ["old"] });
  });

  it("may hold a registered layer of one's own, with texts that look like class names", async () => {
    tf.serialization.registerClass(Scale);
    const model = tf.sequential();
    model.add(tf.layers.inputLayer({ inputShape: [3] }));
    model.add(new Scale({ kind: "SomeKind_ofText" }));
    randomiseWeights(model);
    const loaded = await saveAndLoad(model);
    expect(outputsOf(loaded)).toEqual(outputsOf(model));
    expect(loaded.layers[1]!.getConfig()).toMatchObject({ kind: "SomeKind_ofText" });
  });

  it("saves and loads again and again without a tensor left over", async () => {
    const model = mlp({ inputs: 2, outputs: 2, batchNorm: true });
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) (await saveAndLoad(model)).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("is of one training step, though training goes on while the file is written", async () => {
    const model = mlp({ inputs: 2, outputs: 2, hidden: [] });
    const [kernel, bias] = weightsOf(model);
    const saving = saveModel(model, path);
    randomiseWeights(model);
    await saving;
    expect(weightsOf(await loadModel(path))).toEqual([kernel, bias]);
  });

  it("loads without making first weights, of which the orthogonal ones take long", async () => {
    const model = tf.sequential();
    model.add(tf.layers.simpleRNN({ units: 8, inputShape: [2, 1], recurrentInitializer: "orthogonal" }));
    await saveModel(model, path);
    const made = jest.spyOn(tf.serialization.SerializationMap.getMap().classNameMap.Orthogonal![0].prototype, "apply");
    await loadModel(path);
    expect(made).not.toHaveBeenCalled();
  });
});

describe("saveModel says in one sentence", () => {
  const model = mlp({ inputs: 2, outputs: 2 });

  it.each<[string, () => Promise<void>, string]>([
    [
      "a path without the ending",
      () => saveModel(model, "model"),
      'saveModel: path must end in ".safetensors", like "model.safetensors", got "model".',
    ],
    [
      "no path",
      () => saveModel(model, undefined as never),
      'saveModel: path must end in ".safetensors", like "model.safetensors", got undefined.',
    ],
    [
      "what is no model",
      () => saveModel({} as never, path),
      "saveModel: model must be a tf.LayersModel, got a Object. After fit, pass run.model.",
    ],
    [
      "a model without layers",
      () => saveModel(tf.sequential(), path),
      "saveModel: the model has no weights yet. Add layers, and give the first one an inputShape.",
    ],
    [
      "metadata that is no JSON",
      () => saveModel(model, path, { metadata: { made: { when: new Date(0) } } }),
      'saveModel: metadata must be plain JSON, and "when" is a Date. Use objects, arrays, texts, finite numbers, true, false and null.',
    ],
    [
      "a number that JSON lacks",
      () => saveModel(model, path, { metadata: { losses: [1, Number.NaN] } }),
      'saveModel: metadata must be plain JSON, and "1" is NaN.',
    ],
    [
      "an option of a layer that no file can hold",
      () =>
        saveModel(
          tf.sequential({ layers: [tf.layers.reLU({ maxValue: Number.POSITIVE_INFINITY, inputShape: [2] })] }),
          path,
        ),
      'saveModel: the options of a layer must be plain JSON, and "maxValue" is Infinity.',
    ],
  ])("%s", async (_, save, message) => {
    await expect(save()).rejects.toThrow(message);
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  it("a disposed model", async () => {
    const gone = mlp({ inputs: 2, outputs: 2 });
    gone.dispose();
    await expect(saveModel(gone, path)).rejects.toThrow(
      "saveModel: the weights of the model are disposed. Save it before you dispose it.",
    );
  });

  it("a layer class that is not registered", async () => {
    class Loose extends Scale {
      static override className = "LooseLayer";
    }
    const model = tf.sequential();
    model.add(tf.layers.inputLayer({ inputShape: [3] }));
    model.add(new Loose({ kind: "any" }));
    await expect(saveModel(model, path)).rejects.toThrow(
      'saveModel: the layer class "LooseLayer" is not registered, so no one could load the file. Call tf.serialization.registerClass(LooseLayer) first.',
    );
  });
});

describe("loadModel says in one sentence, and keeps no tensor of", () => {
  /** Saves a small model with one thing about it changed. */
  async function altered(change: (file: { arrays: Map<string, unknown>; metadata: Record<string, string> }) => void) {
    await saveModel(tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3], name: "only" })] }), path);
    const { arrays, metadata } = await readSafetensors(path);
    const file = { arrays: new Map(arrays), metadata: { ...metadata } };
    change(file as never);
    await writeSafetensors(path, file);
  }
  const kernel = (...shape: number[]) => ({ data: new Float32Array(shape.reduce((a, b) => a * b)), shape });

  it.each<[string, () => unknown, string]>([
    ["a missing file", () => undefined, "there is no file PATH (looked in"],
    [
      "a file of Keras",
      () => writeFileSync(path, "\x89HDF\r\n\x1a\n", "latin1"),
      'PATH is a file of Keras. Run "python3 /',
    ],
    ["a text", () => writeFileSync(path, "a,b\n1,2\n"), "PATH is not a whole safetensors file: its first 8 bytes"],
    [
      "a file with weights only",
      () => altered(({ metadata }) => delete metadata.format),
      "PATH holds weights but no layers. Build the model with its layers, then call loadWeights(model, path).",
    ],
    [
      "a later format",
      () => altered(({ metadata }) => (metadata.version = "2")),
      "PATH has format version 2, and this Etude reads 1. Update etude-ml.",
    ],
    [
      "an unknown layer",
      () => altered(({ metadata }) => (metadata.model = metadata.model!.replace('"Dense"', '"Gone"'))),
      'PATH has a layer of the class "Gone", which is not known here. Run the cell that defines it, with tf.serialization.registerClass(Gone), first.',
    ],
    [
      "a layer that cannot be built",
      () => altered(({ metadata }) => (metadata.model = metadata.model!.replace('"units":2', '"units":-2'))),
      "the model in PATH cannot be built: ",
    ],
    [
      "missing weights",
      () => altered(({ arrays }) => arrays.delete("only/bias")),
      'PATH has no weights for "only/bias".',
    ],
    [
      "weights too many",
      () => altered(({ arrays }) => arrays.set("more", kernel(1))),
      'PATH has weights for "more", which no layer has.',
    ],
    [
      "a wrong shape",
      () => altered(({ arrays }) => arrays.set("only/kernel", kernel(2, 3))),
      'the weight "only/kernel" has shape [3,2], and "only/kernel" of PATH has [2,3].',
    ],
    [
      "a description that is no JSON",
      () => altered(({ metadata }) => (metadata.model = "{")),
      "PATH says nothing about its layers that can be read.",
    ],
  ])("%s", async (_, write, message) => {
    await write();
    const before = tf.memory().numTensors;
    await expect(loadModel(path)).rejects.toThrow(`loadModel: ${message.replace("PATH", JSON.stringify(path))}`);
    expect(tf.memory().numTensors).toBe(before);
  });
});
