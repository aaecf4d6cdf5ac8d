import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { type UnetOptions, unet } from "../../src/architectures/unet.js";
import { RandomStream } from "../../src/core/random.js";
import { tf } from "../../src/engine/tf.js";
import { fit } from "../../src/training/fit.js";
import { expectSavesAndCompiles, parametersOf, weightsOf } from "./judged-model.js";

const small = { inputShape: [12, 8, 2], outputs: 3, filters: 2, depth: 2 };

// The script beside it made it, and says with which version of PyTorch.
const { parameters }: { parameters: Record<string, number> } = JSON.parse(
  readFileSync(new URL("../reference/architectures/fixtures/torch-unets.json", import.meta.url), "utf8"),
);

describe("unet", () => {
  it.each<[string, Partial<UnetOptions>]>([
    ["64 filters, depth 4", {}],
    ["64 filters, depth 4, without norm", { batchNorm: false }],
    ["64 filters, depth 4, nearest", { upsampling: "nearest" }],
    ["16 filters, depth 3", { filters: 16, depth: 3 }],
  ])("%s has the parameters of PyTorch's", (name, options) => {
    const model = unet({ inputShape: [64, 64, 1], outputs: 2, ...options });
    expect(parametersOf(model)).toBe(parameters[name]);
    model.dispose();
  });

  it.each<Partial<UnetOptions>>([
    {},
    { upsampling: "nearest", batchNorm: false, activation: "swish" },
    { inputShape: [7, 5, 1] },
    { inputShape: [8, 6, 1], outputs: 1, depth: 1 },
  ])("%j gives images of the size that came in, saves, loads and compiles", async (options) => {
    const model = unet({ ...small, ...options });
    const [height, width] = options.inputShape ?? small.inputShape;
    expect(model.outputShape).toEqual([null, height, width, options.outputs ?? 3]);
    await expectSavesAndCompiles(() => unet({ ...small, ...options }));
  });

  it("the same seed gives the same weights, bit for bit, and another seed others", () => {
    const net = (seed: number) => weightsOf(unet({ ...small, seed }));
    expect(net(7)).toEqual(net(7));
    expect(net(8)).not.toEqual(net(7));
  });

  it("a transposed convolution keeps the variance of what it doubles", () => {
    const model = unet({ inputShape: [16, 16, 1], outputs: 1, filters: 64, depth: 1, batchNorm: false });
    const layer = model.getLayer("up1_transpose");
    const y = layer.apply(tf.randomNormal([4, 8, 8, 128], 0, 1, "float32", 1)) as tf.Tensor;
    expect(Math.abs(tf.moments(y).variance.dataSync()[0]! - 1)).toBeLessThan(0.1);
  });

  it("learns which pixels lie in a bright square that noise surrounds", async () => {
    const { x, y } = squares(96);
    const model = unet({ inputShape: [11, 11, 1], outputs: 1, filters: 4, depth: 2 });
    const run = await fit(model, {
      train: { x, y },
      validation: squares(32, 2),
      loss: "binaryCrossEntropy",
      epochs: 25,
      batchSize: 8,
      learningRate: 0.01,
    });
    const share = y.mean().dataSync()[0]!;
    const guess = -share * Math.log(share) - (1 - share) * Math.log(1 - share);
    expect(run.history.values("val_loss").at(-1)).toBeLessThan(guess / 5);
  });

  it("of several classes learns the label of each pixel, (n, height, width)", async () => {
    const options = { loss: "crossEntropy", epochs: 20, batchSize: 8, learningRate: 0.02 } as const;
    const model = unet({ inputShape: [8, 8, 1], outputs: 3, filters: 4, depth: 1 });
    const run = await fit(model, { ...options, train: squaresOfTwoKinds(64), validation: squaresOfTwoKinds(32, 2) });
    expect(run.history.values("val_accuracy").at(-1)).toBeGreaterThan(0.97);
    const { x, y } = squaresOfTwoKinds(8, 3);
    const labels = tf.argMax(model.predict(x) as tf.Tensor, -1);
    expect(tf.mean(tf.cast(tf.equal(labels, y), "float32")).dataSync()[0]).toBeGreaterThan(0.97);
  });

  it.each<[Partial<UnetOptions>, string]>([
    [
      { inputShape: [64, 64] },
      "unet: inputShape must be [height, width, channels], got [64, 64]. Name the channels too: [64, 64, 1].",
    ],
    [{ outputs: 0 }, "unet: outputs must be an integer from 1, got 0. Pass the number of classes."],
    [{ filters: -2 }, "unet: filters must be an integer from 1, got -2."],
    [{ upsampling: "linear" as never }, 'unet: upsampling must be one of "transpose", "nearest", got "linear".'],
    [
      { depth: 4 },
      "unet: depth 4 halves the image 4 times and needs 16 rows and columns, got 12 x 8. Use a smaller depth or larger images.",
    ],
  ])("%j is refused in one sentence", (options, message) => {
    expect(() => unet({ ...small, ...options })).toThrow(message);
  });
});

/** Images of noise with a brighter square somewhere, and which of their pixels lie in it. */
function squares(n: number, seed = 1): { x: tf.Tensor; y: tf.Tensor } {
  const random = RandomStream.of(seed, "squares");
  const [x, y] = [new Float32Array(n * 121), new Float32Array(n * 121)];
  for (let image = 0; image < n; image++) {
    const [top, left] = [random.integer(7), random.integer(7)];
    for (let pixel = 0; pixel < 121; pixel++) {
      const [row, column] = [Math.floor(pixel / 11), pixel % 11];
      const isInside = row >= top && row < top + 5 && column >= left && column < left + 5;
      y[image * 121 + pixel] = isInside ? 1 : 0;
      x[image * 121 + pixel] = (isInside ? 1 : 0) + 0.5 * random.normal();
    }
  }
  return { x: tf.tensor4d(x, [n, 11, 11, 1]), y: tf.tensor4d(y, [n, 11, 11, 1]) };
}

/** Images of noise with a bright square and a dark one, and which of their pixels lie in the one (1), the other (2) or none. */
function squaresOfTwoKinds(n: number, seed = 1): { x: tf.Tensor; y: tf.Tensor } {
  const random = RandomStream.of(seed, "squares");
  const labels = new Int32Array(n * 64);
  for (let image = 0; image < n; image++) {
    for (const [label, left] of [
      [1, random.integer(2)],
      [2, 4 + random.integer(2)],
    ] as const) {
      const top = random.integer(6);
      for (let pixel = 0; pixel < 9; pixel++) {
        labels[image * 64 + (top + Math.floor(pixel / 3)) * 8 + left + (pixel % 3)] = label;
      }
    }
  }
  const brightness = [0, 1, -1];
  const x = Float32Array.from(labels, (label) => brightness[label]! + 0.2 * random.normal());
  return { x: tf.tensor4d(x, [n, 8, 8, 1]), y: tf.tensor3d(labels, [n, 8, 8], "int32") };
}
