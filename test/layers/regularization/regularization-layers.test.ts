import { describe, expect, it } from "@jest/globals";
import { Matrix } from "../../../src/core/matrix.js";
import { RandomStream } from "../../../src/core/random.js";
import { drawFrom } from "../../../src/engine/random-tensors.js";
import { tf } from "../../../src/engine/tf.js";
import { summary } from "../../../src/inspection/summary.js";
import { build } from "../../../src/layers/build.js";
import { layers } from "../../../src/layers/layers.js";
import type { Value } from "../../../src/layers/value.js";
import { sgd } from "../../../src/optimizers/sgd.js";
import { compileStep } from "../../../src/training/compile-step.js";
import { fit } from "../../../src/training/fit.js";
import { layerContract } from "../../contracts/layer.js";

layerContract("activityRegularization", {
  make: () => layers.activityRegularization({ l1: 0.1, l2: 0.2 }),
  inputShape: [3, 4],
});
layerContract("spatialDropout2d", {
  make: () => layers.spatialDropout2d({ rate: 0.4 }),
  inputShape: [3, 3, 4],
});
layerContract("spatialDropout2d of channels first", {
  make: () => layers.spatialDropout2d({ rate: 0.4, dataFormat: "channelsFirst" }),
  inputShape: [4, 3, 3],
});
layerContract("spatialDropout3d", { make: () => layers.spatialDropout3d({ rate: 0.4 }), inputShape: [2, 2, 3, 4] });
layerContract("dropPath", { make: () => layers.dropPath({ rate: 0.3 }), inputShape: [3, 4] });
layerContract("alphaDropout", { make: () => layers.alphaDropout({ rate: 0.3 }), inputShape: [3, 4] });
layerContract("alphaDropout with one mask for all steps", {
  make: () => layers.alphaDropout({ rate: 0.3, noiseShape: [null, 1, null] }),
  inputShape: [3, 4],
});

const nDraws = 1e5;
const kinds = [
  { name: "spatialDropout2d", make: () => layers.spatialDropout2d({ rate: 0.2 }), shape: [nDraws / 10, 2, 2, 10] },
  { name: "spatialDropout3d", make: () => layers.spatialDropout3d({ rate: 0.2 }), shape: [nDraws / 10, 1, 2, 2, 10] },
  { name: "dropPath", make: () => layers.dropPath({ rate: 0.2 }), shape: [nDraws, 2] },
  { name: "alphaDropout", make: () => layers.alphaDropout({ rate: 0.2 }), shape: [nDraws / 10, 10] },
];

/** What comes out in two steps of training. */
function steps(layer: tf.layers.Layer, x: tf.Tensor, compile: boolean, seed = 7): Float32Array[] {
  if (!compile) {
    const random = RandomStream.of(seed, "dropout");
    return [0, 1].map(() =>
      tf.tidy(() => drawFrom(random, () => layer.apply(x, { training: true }) as tf.Tensor).dataSync() as Float32Array),
    );
  }
  // The gradient by the factors is what came out, and a learning rate of 1 subtracts it from them.
  const factors = tf.variable(tf.zerosLike(x));
  const step = compileStep((rows) => tf.sum(tf.mul(factors, layer.apply(rows!, { training: true }) as tf.Tensor)), {
    variables: [factors],
    optimizer: sgd({ learningRate: 1 }),
    seed,
  });
  const results = [0, 1].map(() => {
    factors.assign(tf.zerosLike(x));
    step(x);
    return factors.dataSync().map((value) => -value) as Float32Array;
  });
  expect(step.notCompiled).toBeNull();
  step.dispose();
  return results;
}

const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each(kinds)("$name", ({ name, make, shape }) => {
  it.each([false, true])("keeps the mean over 1e5 draws, with other masks at each step (compile: %s)", (compile) => {
    // Outputs of selu have mean 0 and variance 1: 0.01 is one per cent of their standard deviation.
    const isAlpha = name === "alphaDropout";
    const x = isAlpha ? tf.selu(tf.randomNormal(shape, 0, 1, "float32", 3)) : tf.ones(shape);
    const [first, second] = steps(make(), x, compile);
    expect(first).not.toEqual(second);
    const expected = mean(x.dataSync() as Float32Array);
    expect(Math.abs(mean(first!) - expected)).toBeLessThan(0.01);
    const variance = (values: Float32Array) => mean(values.map((value) => value ** 2)) - mean(values) ** 2;
    if (isAlpha) expect(Math.abs(variance(first!) - 1)).toBeLessThan(0.02);
    else expect(new Set(first)).toEqual(new Set([0, Math.fround(1 / 0.8)]));
  });

  it("has the same masks compiled and operation by operation", () => {
    const x = tf.ones(shape.map((size, axis) => (axis === 0 ? 8 : size)));
    const [eager, compiled] = [steps(make(), x, false), steps(make(), x, true)];
    for (const [i, values] of eager.entries()) {
      for (const [j, value] of values.entries()) expect(compiled[i]![j]).toBeCloseTo(value, 5);
    }
  });

  it.each([true, false])("repeats a run of fit by its seed, and not by another (compile: %s)", async (compile) => {
    const run = async (seed: number) => {
      const row = shape.slice(1);
      const head = tf.layers.dense({ units: 1, kernelInitializer: "ones" });
      const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: row }), make()] });
      if (row.length > 1) model.add(tf.layers.flatten());
      model.add(head);
      const nColumns = tf.util.sizeFromShape(row);
      const x = new Matrix(
        Float64Array.from({ length: 16 * nColumns }, (_, i) => Math.sin(i)),
        16,
        nColumns,
      );
      const y = Float64Array.from({ length: 16 }, (_, i) => Math.cos(i));
      const options = {
        loss: "meanSquaredError",
        optimizer: "sgd",
        learningRate: 0.01,
        epochs: 3,
        batchSize: 8,
      } as const;
      const { history } = await fit(model, { train: { x, y }, ...options, seed, compile, callbacks: [] });
      return history.values("loss");
    };
    const losses = await run(1);
    expect(await run(1)).toEqual(losses);
    expect(await run(2)).not.toEqual(losses);
  });

  it("refuses a rate of 1", () => {
    const factory = layers[name as "dropPath"];
    expect(() => factory({ rate: 1, name: "own" })).toThrow("own: rate must be a number from 0 and below 1, got 1.");
  });
});

it("dropPath drops whole rows", () => {
  const [values] = steps(layers.dropPath({ rate: 0.5 }), tf.ones([64, 3]), false);
  for (let row = 0; row < 64; row++) expect(new Set(values!.slice(3 * row, 3 * row + 3)).size).toBe(1);
  expect(new Set(values)).toEqual(new Set([0, 2]));
});

it("spatialDropout2d drops whole channels, and says what it takes", () => {
  const [values] = steps(layers.spatialDropout2d({ rate: 0.5 }), tf.ones([4, 2, 2, 8]), false);
  const drawn = tf.tensor(values!, [4, 4, 8]);
  expect(
    tf
      .equal(drawn, drawn.slice([0, 0, 0], [4, 1, 8]))
      .all()
      .dataSync()[0],
  ).toBe(1);
  expect(() => layers.spatialDropout2d({ rate: 0.5, name: "own" }).apply(tf.input({ shape: [3, 4] }))).toThrow(
    "own: takes (n, height, width, channels), got (n, 3, 4).",
  );
});

it("alphaDropout drops to the lowest value of selu and scales as Keras does", () => {
  // The values of keras.layers.AlphaDropout(0.2) in training, keras 3.15.1 on torch 2.14.1
  for (const [value, expected] of [
    [1, [-1.2361598, 1.18794346]],
    [-0.5, [-1.2361598, -0.130411834]],
  ] as const) {
    const [values] = steps(layers.alphaDropout({ rate: 0.2 }), tf.fill([1000], value), false);
    const found = [...new Set(values)].sort((a, b) => a - b);
    expect(found).toHaveLength(2);
    for (const [i, level] of expected.entries()) expect(found[i]).toBeCloseTo(level, 5);
  }
});

it("the compiler knows that shapes stay, and the summary that nothing is computed in use", () => {
  const model = build([4, 4, 3], (x) => {
    const y: Value<readonly [4, 4, 3]> = x.pipe(
      layers.spatialDropout2d({ rate: 0.5 }),
      layers.dropPath({ rate: 0.5 }),
      layers.alphaDropout({ rate: 0.5 }),
    );
    return y;
  });
  expect(summary(model).rows.map(({ flops }) => flops ?? 0)).toEqual([0, 0, 0, 0]);
  expect(summary(model).flops).toBe(0);
});
