import { describe, expect, it } from "@jest/globals";
import { type CnnOptions, cnn } from "../../src/architectures/cnn.js";
import { evaluate } from "../../src/training/evaluate.js";
import { fit } from "../../src/training/fit.js";
import { digitImages } from "./digit-images.js";
import { expectSavesAndCompiles, parametersOf, weightsOf } from "./judged-model.js";

const small = { inputShape: [8, 8, 1], outputs: 10 };

describe("cnn", () => {
  it("has a convolution and a pool for each number of filters, then the dense layers", () => {
    const model = cnn({ inputShape: [28, 28, 1], outputs: 10, filters: [32, 64], dense: [128] });
    const convolutions = 9 * 32 + 32 + 9 * 32 * 64 + 64;
    expect(parametersOf(model)).toBe(convolutions + 7 * 7 * 64 * 128 + 128 + 128 * 10 + 10);
    expect(model.layers.at(-1)!.getConfig().activation).toBe("linear");
  });

  it("depth and width say the same net as filters", () => {
    const net = (options: Partial<CnnOptions>) => weightsOf(cnn({ ...small, ...options }));
    expect(net({ depth: 3, width: 4 })).toEqual(net({ filters: [4, 8, 16] }));
    expect(net({})).toEqual(net({ filters: [32, 64] }));
  });

  it("the same seed gives the same weights, bit for bit, and another seed others", () => {
    const net = (seed: number) => weightsOf(cnn({ ...small, filters: [4], seed }));
    expect(net(7)).toEqual(net(7));
    expect(net(8)).not.toEqual(net(7));
  });

  it.each<Partial<CnnOptions>>([
    {},
    { batchNorm: true, pooling: "average", activation: "swish" },
    { kernelSize: 5, dense: [], activation: "tanh", inputShape: [7, 5, 2] },
  ])("%j saves, loads and compiles", async (options) => {
    await expectSavesAndCompiles(() => cnn({ ...small, filters: [4, 6], dense: [5], ...options }));
  });

  it("learns to read the digits", async () => {
    const { train, test } = digitImages();
    const model = cnn({ ...small, filters: [16, 32], batchNorm: true, dropout: 0.2 });
    await fit(model, { train, loss: "crossEntropy", epochs: 10 });
    expect((await evaluate(model, test)).accuracy).toBeGreaterThan(0.97);
  });

  it.each<[Partial<CnnOptions>, string]>([
    [
      { inputShape: [28, 28] },
      "cnn: inputShape must be [height, width, channels], got [28, 28]. Name the channels too: [28, 28, 1].",
    ],
    [{ filters: [8, -8] }, "cnn: filters[1] must be an integer from 1, got -8."],
    [{ filters: 8 as never }, "cnn: filters must be an array of sizes, like [32, 64], got 8."],
    [{ filters: [8], depth: 2 }, "cnn: filters says what depth says. Pass one of them."],
    [{ outputs: 0 }, "cnn: outputs must be an integer from 1, got 0. Pass the number of classes."],
    [{ pooling: "min" as never }, 'cnn: pooling must be one of "max", "average", got "min".'],
    [
      { depth: 4 },
      "cnn: 4 convolutions, each with a pool, need 16 rows and columns, got 8 x 8. Use fewer filters or larger images.",
    ],
  ])("%j is refused in one sentence", (options, message) => {
    expect(() => cnn({ ...small, ...options })).toThrow(message);
  });
});
