import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { OptionError, ShapeError } from "../../../src/core/errors.js";
import { drawWith } from "../../../src/engine/random-tensors.js";
import { tf } from "../../../src/engine/tf.js";
import { fansOf } from "../../../src/layers/initializers/fans.js";
import type { Initializer, SeedOptions } from "../../../src/layers/initializers/initializer.js";
import { initializers } from "../../../src/layers/initializers/initializers.js";
import { seeded } from "../../../src/layers/initializers/seeded.js";
import { loadModel } from "../../../src/models/load-model.js";
import { saveModel } from "../../../src/models/save-model.js";

interface Moments {
  readonly mean: number;
  readonly std: number;
}

interface Exact {
  readonly shape: number[];
  readonly gain: number;
  readonly values: number[];
}

interface Fixture {
  readonly fans: Readonly<Record<string, { readonly shape: number[]; readonly fans: [number, number] }>>;
  readonly moments: Readonly<Record<RandomName, Moments>>;
  readonly orthogonal: readonly (Exact & { readonly drawn: number[] })[];
  readonly identity: Exact;
}

// The Python script beside the fixture made it, and says with which version of Keras.
const path = new URL("../../reference/initializers/fixtures/keras-initializers.json", import.meta.url);
const keras: Fixture = JSON.parse(readFileSync(path, "utf8"));

const random = {
  randomNormal: initializers.randomNormal,
  randomUniform: initializers.randomUniform,
  truncatedNormal: initializers.truncatedNormal,
  varianceScaling: initializers.varianceScaling,
  glorotNormal: initializers.glorotNormal,
  glorotUniform: initializers.glorotUniform,
  heNormal: initializers.heNormal,
  heUniform: initializers.heUniform,
  leCunNormal: initializers.leCunNormal,
  leCunUniform: initializers.leCunUniform,
} satisfies Record<string, (options: SeedOptions) => Initializer>;
type RandomName = keyof typeof random;
const cutOff = 2 / 0.87962566103423978; // at two standard deviations of the normal distribution before the cut
/** The largest number that can be drawn, in standard deviations. */
const bounds: Readonly<Record<RandomName, number>> = {
  randomNormal: Infinity,
  randomUniform: Math.sqrt(3),
  truncatedNormal: cutOff,
  varianceScaling: cutOff,
  glorotNormal: cutOff,
  glorotUniform: Math.sqrt(3),
  heNormal: cutOff,
  heUniform: Math.sqrt(3),
  leCunNormal: cutOff,
  leCunUniform: Math.sqrt(3),
};
const randomNames = Object.keys(random) as RandomName[];

function numbers(initializer: Initializer, shape: number[]): Float32Array {
  return tf.tidy(() => initializer.apply(shape, "float32").dataSync<"float32">());
}

function kernel(initializer: Initializer): number[] {
  const layer = tf.layers.dense({ units: 3, inputShape: [2], kernelInitializer: initializer });
  return kernelOf(tf.sequential({ layers: [layer] }));
}

function kernelOf(model: tf.LayersModel): number[] {
  return [...model.weights[0]!.read().dataSync()];
}

describe("fans", () => {
  it.each(Object.entries(keras.fans))("of the kernel of %s are those of Keras", (_, { shape, fans }) => {
    expect(Object.values(fansOf(shape))).toEqual(fans);
  });

  it("of a depthwise kernel count the positions alone, and those of a transposed one the other way round", () => {
    expect(fansOf([3, 3, 8, 2], "depthwise")).toEqual({ fanIn: 9, fanOut: 18 });
    expect(fansOf([3, 3, 16, 8], "transposed")).toEqual({ fanIn: 72, fanOut: 144 });
  });
});

describe.each(randomNames)("%s", (name) => {
  const make: (options: SeedOptions) => Initializer = random[name];

  it("has the moments and bounds of Keras", () => {
    const initializer = make({ seed: 0 });
    const drawn = Array.from({ length: 400 }, () => [...numbers(initializer, [20, 30])]).flat();
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    const std = Math.sqrt(drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length);
    const expected = keras.moments[name];
    expect(Math.abs(mean - expected.mean) / expected.std).toBeLessThan(0.01);
    expect(std / expected.std).toBeCloseTo(1, 2);
    const largest = drawn.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    if (bounds[name] < Infinity) expect(largest / expected.std / bounds[name]).toBeCloseTo(1, 2);
  });

  it("gives the same numbers for the same seed, 0 included, and others for another", () => {
    const [first, again, other] = [0, 0, 1].map((seed) => kernel(make({ seed })));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it("gives layers that share it, or its seed, different numbers", () => {
    const shared = make({ seed: 5 });
    expect(kernel(shared)).not.toEqual(kernel(shared));
    const [first, second] = seeded(1, () => [kernel(make({ seed: 5 })), kernel(make({ seed: 5 }))]);
    expect(first).not.toEqual(second);
  });

  it("keeps its options in a saved model", async () => {
    const folder = mkdtempSync(join(tmpdir(), "initializers-"));
    const layer = tf.layers.dense({ units: 3, inputShape: [2], kernelInitializer: make({ seed: 4 }) });
    const model = tf.sequential({ layers: [layer] });
    await saveModel(model, join(folder, "model.safetensors"));
    const loaded = await loadModel(join(folder, "model.safetensors"));
    rmSync(folder, { recursive: true });
    expect(loaded.layers[0]!.getConfig().kernelInitializer).toEqual(layer.getConfig().kernelInitializer);
    expect(kernelOf(loaded)).toEqual(kernelOf(model));
  });
});

describe("seeded", () => {
  const build = () => {
    const kernelInitializer = initializers.heNormal();
    return tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [4], kernelInitializer }),
        tf.layers.dense({ units: 4 }),
        tf.layers.dense({ units: 4, kernelInitializer: initializers.heNormal({ seed: 3 }) }),
        tf.layers.dense({ units: 4, kernelInitializer: "orthogonal" }),
      ],
    });
  };
  const weights = (model: tf.LayersModel) => model.weights.map((weight) => [...weight.read().dataSync()]);

  it("builds the same model again, bit for bit, with initializers of TensorFlow.js too", () => {
    expect(weights(seeded(0, build))).toEqual(weights(seeded(0, build)));
    expect(weights(seeded(1, build))).not.toEqual(weights(seeded(0, build)));
  });

  it("gives no two layers the same weights", () => {
    const kernels = weights(seeded(2, build)).filter((values) => values.length === 16);
    expect(new Set(kernels.map(String)).size).toBe(4);
  });

  it("leaves an initializer with a seed of its own to it", () => {
    const [one, two] = [1, 2].map((seed) => weights(seeded(seed, build)));
    expect(one![4]).toEqual(two![4]);
    expect(one![0]).not.toEqual(two![0]);
  });

  it("refuses an asynchronous function and a seed that is no integer", () => {
    expect(() => seeded(1, async () => build())).toThrow(
      new OptionError("seeded: work must build its layers without await, got an async function. Await before it."),
    );
    expect(() => seeded(1.5, build)).toThrow(new OptionError("seeded: seed must be an integer, got 1.5."));
  });
});

describe("orthogonal", () => {
  it.each(keras.orthogonal)("makes of drawn numbers what Keras makes of them: shape $shape", (expected) => {
    const { shape, gain, drawn } = expected;
    const made = drawWith(
      (_, size) => tf.tensor(drawn, [...size]),
      () => numbers(initializers.orthogonal({ gain }), shape),
    );
    made.forEach((value, i) => {
      expect(value).toBeCloseTo(expected.values[i]!, 6);
    });
  });

  it("has orthogonal columns of length gain in a large kernel, with a seed of its own", () => {
    const product = tf.tidy(() => {
      const kernel = initializers.orthogonal({ gain: 2, seed: 0 }).apply([3, 3, 64, 128], "float32");
      const columns = tf.reshape(kernel, [-1, 128]);
      return tf.max(tf.abs(tf.sub(tf.matMul(columns, columns, true), tf.mul(4, tf.eye(128))))).dataSync()[0];
    });
    expect(product).toBeLessThan(1e-5);
  });

  it("refuses a vector", () => {
    expect(() => initializers.orthogonal().apply([3])).toThrow(
      new ShapeError("orthogonal: a weight must have two axes or more, got shape [3]. Use it for kernels."),
    );
  });
});

describe("constants", () => {
  it("fill the weight", () => {
    expect([...numbers(initializers.zeros(), [2])]).toEqual([0, 0]);
    expect([...numbers(initializers.zeroGamma(), [2])]).toEqual([0, 0]);
    expect([...numbers(initializers.ones(), [2])]).toEqual([1, 1]);
    expect([...numbers(initializers.constant({ value: 2.5 }), [2])]).toEqual([2.5, 2.5]);
  });

  it("identity fills a matrix that need not be square, as Keras does", () => {
    const { shape, gain, values } = keras.identity;
    expect([...numbers(initializers.identity({ gain }), shape)]).toEqual(values);
    expect(() => initializers.identity().apply([3])).toThrow(ShapeError);
  });
});

it("bad options are refused in one sentence", () => {
  expect(() => initializers.heNormal({ seed: 0.5 })).toThrow(
    new OptionError("varianceScaling: seed must be an integer, got 0.5."),
  );
  expect(() => initializers.varianceScaling({ scale: 0 })).toThrow(
    new OptionError("varianceScaling: scale must be a number above 0, got 0."),
  );
  expect(() => initializers.varianceScaling({ mode: "fan_in" as never })).toThrow(
    new OptionError('varianceScaling: mode must be one of "fanIn", "fanOut", "fanAvg", got "fan_in".'),
  );
  expect(() => initializers.truncatedNormal({ stddev: -1 })).toThrow(
    new OptionError("truncatedNormal: stddev must be a number from 0, got -1."),
  );
  expect(() => initializers.randomUniform({ minval: 1, maxval: 0 })).toThrow(
    new OptionError("randomUniform: minval must not be above maxval (0), got 1."),
  );
  expect(() => initializers.heNormal().apply([2], "int32")).toThrow(
    new OptionError("SeededVarianceScaling: weights must be float32, got int32."),
  );
});
