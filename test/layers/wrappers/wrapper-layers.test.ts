import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";
import { registerLambda, subtract } from "../../../src/index.js";
import { summary } from "../../../src/inspection/summary.js";
import { build } from "../../../src/layers/build.js";
import { layers } from "../../../src/layers/layers.js";
import { loadModel } from "../../../src/models/load-model.js";
import { saveModel } from "../../../src/models/save-model.js";
import { fit } from "../../../src/training/fit.js";
import { layerContract, modelOf, readFixture } from "../../contracts/layer.js";
import { temporaryFolder } from "../../models/temporary-folder.js";

const fixture = readFixture("wrappers");
const turned = (x: tf.Tensor) => tf.mul(tf.reverse(x, 1), tf.sigmoid(x));
registerLambda("turned", turned);
registerLambda("distance", (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.square(tf.sub(a, b)), -1));

layerContract("subtract", {
  make: () => layers.subtract(),
  inputShape: [
    [3, 4],
    [3, 4],
  ],
  fixture: [fixture("subtract"), fixture("subtract with an axis of 1")],
});
layerContract("lambda", {
  make: () => layers.lambda({ registered: "turned" }),
  inputShape: [3, 4],
  fixture: fixture("lambda"),
});
layerContract("lambda of two inputs", {
  make: () => layers.lambda({ registered: "distance" }),
  inputShape: [
    [3, 4],
    [3, 4],
  ],
});

describe("subtract([a, b])", () => {
  it("is the difference, and counts one operation for each value", () => {
    const inputs = { a: [3], b: [3] };
    const model = build(inputs, ({ a, b }) => subtract([a, b]));
    const rows = [tf.tensor2d([[5, 7, 9]]), tf.tensor2d([[1, 2, 10]])];
    expect(Array.from((model.predict(rows) as tf.Tensor).dataSync())).toEqual([4, 5, -1]);
    expect(summary(model).rows.at(-1)!.flops).toBe(3);
  });

  it("takes two inputs of one shape", () => {
    const [a, b] = [tf.input({ shape: [3] }), tf.input({ shape: [2] })];
    expect(() => subtract([a, b])).toThrow("takes inputs of one shape");
    expect(() => subtract([a, a, a] as never)).toThrow("takes two inputs, got 3. Write subtract([a, b]).");
    expect(() => subtract([a] as never)).toThrow("subtract: takes an array of two symbolic tensors or more");
  });
});

describe("lambda with a function", () => {
  const make = () => layers.lambda({ name: "own", function: (x) => tf.square(x) });

  it.each([true, false])("trains in fit (compile: %s)", async (compile) => {
    const model = tf.sequential({ layers: [layers.dense({ units: 4, inputShape: [2] }), make()] });
    model.add(layers.dense({ units: 1 }));
    const x = Array.from({ length: 32 }, (_, i) => [Math.sin(i), Math.cos(i)]);
    const y = Float64Array.from(x, ([first, second]) => first! * second!);
    const options = { loss: "meanSquaredError", optimizer: "sgd", epochs: 8, batchSize: 8, seed: 1 } as const;
    const { history, status } = await fit(model, { train: { x, y }, ...options, compile, callbacks: [] });
    expect(status).toBe("completed");
    const losses = history.values("loss");
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });

  it("is not saved, and says how it would be", async () => {
    const model = modelOf({ make, inputShape: [2] });
    await expect(saveModel(model, join(temporaryFolder(), "model.safetensors"))).rejects.toThrow(
      'saveModel: own is a lambda of a plain function, which no file can hold. Call registerLambda("name", f) and make the layer with layers.lambda({ registered: "name" }).',
    );
  });

  it("is told from another function, and its copy computes the same", () => {
    const [own, other] = [make(), layers.lambda({ name: "own", function: (x) => tf.abs(x) })];
    expect(JSON.stringify(own.getConfig())).not.toBe(JSON.stringify(other.getConfig()));
    const copy = layers.lambda(own.getConfig());
    expect(Array.from((copy.apply(tf.tensor2d([[3, 4]])) as tf.Tensor).dataSync())).toEqual([9, 16]);
  });

  it("has no count of operations", () => {
    expect(summary(modelOf({ make, inputShape: [2] })).rows.at(-1)!.flops).toBeNull();
  });
});

describe("lambda", () => {
  it("finds the shape of the output, also where sizes are open", () => {
    const shapeOf = (work: (x: tf.Tensor) => tf.Tensor, shape: (number | null)[]) =>
      (layers.lambda({ function: work }).apply(tf.input({ shape })) as tf.SymbolicTensor).shape;
    expect(shapeOf((x) => tf.mean(x, 1), [null, 4])).toEqual([null, 4]);
    expect(shapeOf((x) => tf.concat([x, x], 1), [null, 4])).toEqual([null, null, 4]);
    expect(shapeOf((x) => tf.slice(x, [0, 1], [-1, 2]), [3])).toEqual([null, 2]);
  });

  it("a file whose function is not registered is not loaded", async () => {
    registerLambda("passing", turned);
    const model = modelOf({ make: () => layers.lambda({ name: "own", registered: "passing" }), inputShape: [3] });
    const path = join(temporaryFolder(), "model.safetensors");
    await saveModel(model, path);
    const x = tf.tensor2d([[1, 2, 3]]);
    const [own, loaded] = [model, await loadModel(path)].map((one) => (one.predict(x) as tf.Tensor).dataSync());
    expect(loaded).toEqual(own);
    expect(() => layers.lambda({ name: "own", registered: "unheard" })).toThrow(
      'own: no function is registered as "unheard". Call registerLambda("unheard", f) first.',
    );
  });

  it("says what is wrong with a function", () => {
    const applied =
      (work: unknown, shape = [3]) =>
      () =>
        layers.lambda({ name: "own", function: work as never }).apply(tf.input({ shape }));
    expect(applied(undefined)).toThrow("own: takes either function or registered, got none.");
    expect(applied(3)).toThrow("own: function must be a function of tensors, got 3.");
    expect(applied(() => 3)).toThrow("own: function must give one tensor, got 3.");
    expect(applied((x: tf.Tensor) => tf.sum(x))).toThrow("own: function must give a row for each row");
    expect(() => registerLambda("", turned)).toThrow("registerLambda: name must be a text that is not empty");
    expect(() => registerLambda("own", 3 as never)).toThrow("registerLambda: the second argument must be a function");
  });
});
