import { describe, expect, it } from "@jest/globals";
import { type AutoencoderOptions, autoencoder } from "../../src/architectures/autoencoder.js";
import { tf } from "../../src/engine/tf.js";
import { fit } from "../../src/training/fit.js";
import { digitImages } from "./digit-images.js";
import { expectSavesAndCompiles, parametersOf, weightsOf } from "./judged-model.js";

const rows = { inputShape: [6], latent: 2, hidden: [5, 4] };
const images = { inputShape: [8, 6, 2], latent: 3, filters: [3, 4] };

describe("autoencoder", () => {
  it("mirrors the encoder's layers in the decoder", () => {
    const { model, encoder, decoder } = autoencoder(rows);
    const units = (model: tf.LayersModel) => model.layers.slice(1).map((layer) => layer.getConfig().units);
    expect(units(encoder)).toEqual([5, 4, 2]);
    expect(units(decoder)).toEqual([4, 5, 6]);
    expect(units(model)).toEqual([...units(encoder), ...units(decoder)]);
    expect(parametersOf(model)).toBe(parametersOf(encoder) + parametersOf(decoder));
  });

  it.each<[string, AutoencoderOptions]>([
    ["rows", rows],
    ["images", images],
    ["images of odd sizes", { ...images, inputShape: [7, 5, 1] }],
  ])("of %s: the model is its decoder after its encoder, also once trained", async (_, options) => {
    const { model, encoder, decoder } = autoencoder(options);
    const x = tf.randomUniform([4, ...options.inputShape], 0, 1, "float32", 1);
    await fit(model, { train: { x, y: x }, loss: "meanSquaredError", epochs: 2 });
    const codes = encoder.predict(x) as tf.Tensor;
    expect(codes.shape).toEqual([4, options.latent]);
    expect((decoder.predict(codes) as tf.Tensor).arraySync()).toEqual((model.predict(x) as tf.Tensor).arraySync());
    expect(model.outputShape).toEqual([null, ...options.inputShape]);
  });

  it.each<[string, AutoencoderOptions]>([
    ["rows", { ...rows, activation: "tanh" }],
    ["images", images],
    ["images of odd sizes", { ...images, inputShape: [7, 5, 1], activation: "gelu" }],
  ])("of %s: each of the three saves, loads and compiles", async (_, options) => {
    for (const part of ["model", "encoder", "decoder"] as const) {
      await expectSavesAndCompiles(() => autoencoder(options)[part]);
    }
  });

  it("the same seed gives the same weights, bit for bit, and another seed others", () => {
    const net = (seed: number) => weightsOf(autoencoder({ ...images, seed }).model);
    expect(net(7)).toEqual(net(7));
    expect(net(8)).not.toEqual(net(7));
  });

  it("frees its weights when the last of the three is disposed", () => {
    const before = tf.memory().numTensors;
    const { model, encoder, decoder } = autoencoder(rows);
    model.dispose();
    expect((decoder.predict(tf.zeros([1, 2])) as tf.Tensor).shape).toEqual([1, 6]);
    encoder.dispose();
    decoder.dispose();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 2);
  });

  it.each<[string, Partial<AutoencoderOptions>]>([
    ["dense", { inputShape: [64] }],
    ["convolutional", { inputShape: [8, 8, 1], filters: [8, 16] }],
  ])("a %s one gives digits back three times as well as their mean does", async (_, options) => {
    const { train, test } = digitImages();
    const { model } = autoencoder({ inputShape: [64], latent: 8, ...options });
    const images = (matrix: typeof train.x) =>
      tf.tensor(Float32Array.from(matrix.data), [matrix.nRows, ...options.inputShape!]);
    const [x, held] = [images(train.x), images(test.x)];
    await fit(model, { train: { x, y: x }, loss: "meanSquaredError", epochs: 12, learningRate: 0.005 });
    const errorOf = (guess: tf.Tensor) => tf.mean(tf.squaredDifference(held, guess)).dataSync()[0]!;
    expect(errorOf(model.predict(held) as tf.Tensor)).toBeLessThan(errorOf(tf.mean(x, 0, true)) / 3);
  });

  it.each<[Partial<AutoencoderOptions>, string]>([
    [
      { inputShape: [8, 8] },
      "autoencoder: inputShape must be [columns] or [height, width, channels], got [8, 8]. Name the channels of an image: [8, 8, 1].",
    ],
    [{ inputShape: 8 as never }, "autoencoder: inputShape must be [columns] or [height, width, channels], got 8."],
    [{ inputShape: [-8] }, "autoencoder: inputShape[0] must be an integer from 1, got -8."],
    [{ latent: 0 }, "autoencoder: latent must be an integer from 1, got 0."],
    [{ hidden: [8, 0] }, "autoencoder: hidden[1] must be an integer from 1, got 0."],
    [{ filters: [8] }, "autoencoder: filters are for images, and inputShape is that of columns. Use hidden."],
    [
      { inputShape: [8, 8, 1], hidden: [8] },
      "autoencoder: hidden is for rows of columns, and inputShape is that of an image. Use filters.",
    ],
    [
      { inputShape: [4, 4, 1], filters: [2, 2, 2] },
      "autoencoder: 3 convolutions halve the image 3 times and need 5 rows and columns, got 4 x 4. Use fewer filters or larger images.",
    ],
  ])("%j is refused in one sentence", (options, message) => {
    expect(() => autoencoder({ inputShape: [6], latent: 2, ...options })).toThrow(message);
  });
});
