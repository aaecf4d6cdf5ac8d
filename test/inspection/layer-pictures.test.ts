import { describe, expect, it } from "@jest/globals";
import { OptionError, ShapeError } from "../../src/core/errors.js";
import { tf } from "../../src/engine/tf.js";
import { activationMaps, attentionMaps, convolutionFilters } from "../../src/inspection/layer-pictures.js";
import { rangeOf } from "../../src/inspection/picture-grid.js";
import { build } from "../../src/layers/build.js";
import { layers } from "../../src/layers/layers.js";
import { displaySymbol } from "../../src/output/mime.js";

const grey = () =>
  build([6, 6, 1], (x) =>
    x.pipe(
      layers.conv2d({ filters: 2, kernelSize: 2 }),
      layers.conv2d({ filters: 9, kernelSize: 3 }),
      layers.flatten(),
    ),
  );

const size = (png: Uint8Array) => [Buffer.from(png).readUInt32BE(16), Buffer.from(png).readUInt32BE(20)];

describe("convolutionFilters", () => {
  it("has a picture for each filter, all on one scale around 0", () => {
    const model = grey();
    model.layers[1]!.setWeights([tf.tensor4d([1, -4, 2, 3, 0, 1, 0, 2], [2, 2, 1, 2]), tf.zeros([2])]);
    const { tiles, options } = convolutionFilters(model);
    expect(tiles).toEqual([
      { title: "0", height: 2, width: 2, values: [1, 2, 0, 0] },
      { title: "1", height: 2, width: 2, values: [-4, 3, 1, 2] },
    ]);
    expect(options).toEqual({
      title: "conv2d_1: 2 filters of 2 x 2 over 1 channel",
      palette: "around zero",
      range: [-4, 4],
    });
  });

  it("has a row for each of the first filters where there are more channels", () => {
    const { tiles, options } = convolutionFilters(grey(), "conv2d_2");
    expect(tiles).toHaveLength(8 * 2);
    expect(tiles[3]!.title).toBe("1, channel 1");
    expect(options).toMatchObject({ title: "conv2d_2: 9 filters of 3 x 3 over 2 channels, the first 8", columns: 2 });
  });

  it("shows colours to a layer that sees them, grey for 0", () => {
    const model = build([4, 4, 3], (x) => x.pipe(layers.conv2d({ filters: 1, kernelSize: 1 })));
    model.setWeights([tf.tensor4d([2, 0, -2], [1, 1, 3, 1]), tf.zeros([1])]);
    expect(convolutionFilters(model).tiles).toEqual([
      { title: "0", height: 1, width: 1, values: [1, 0.5, 0], isColoured: true },
    ]);
  });
});

describe("activationMaps", () => {
  it("has what each channel makes of the first image, and frees the rest", () => {
    const model = build([2, 2, 1], (x) =>
      x.pipe(layers.conv2d({ filters: 2, kernelSize: 1, activation: "relu" }), layers.flatten()),
    );
    model.setWeights([tf.tensor4d([1, -1], [1, 1, 1, 2]), tf.zeros([2])]);
    const images = tf.tensor4d([1, 2, -3, 4, 9, 9, 9, 9], [2, 2, 2, 1]);
    const before = tf.memory().numTensors;
    const { tiles } = activationMaps(model, "conv2d_1", images);
    expect(tiles.map(({ values }) => [...(values as Float32Array)])).toEqual([
      [1, 2, 0, 4],
      [0, 0, 3, 0],
    ]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("shows at most 64 of many channels, no wider than a page", () => {
    const model = build([20, 20, 1], (x) => x.pipe(layers.conv2d({ filters: 80, kernelSize: 3 })));
    const grid = activationMaps(model, model.layers[1]!, tf.ones([1, 20, 20, 1]));
    expect(grid.tiles).toHaveLength(64);
    expect(grid.options.title).toBe("conv2d_1: 80 channels of 18 x 18, the first 64");
    const [width, height] = size(grid.png()) as [number, number];
    expect(width).toBeLessThanOrEqual(640);
    expect(height).toBeLessThan(1000);
  });
});

describe("attentionMaps", () => {
  const scores = () => tf.tensor4d([1, 0, 0, 0.5, 0.5, 0, 0, 1, 0, 0, 0, 1], [1, 2, 2, 3]);

  it("has a picture for each head, from 0 to 1", () => {
    const { tiles, options } = attentionMaps(scores());
    expect(tiles.map(({ title, height, width }) => [title, height, width])).toEqual([
      ["head 0", 2, 3],
      ["head 1", 2, 3],
    ]);
    expect([...(tiles[1]!.values as Float32Array)]).toEqual([0, 1, 0, 0, 0, 1]);
    expect(options).toMatchObject({ range: [0, 1], title: "2 heads: queries in rows, keys in columns" });
  });

  it("names the steps, and leaves out those behind the last name", () => {
    const { tiles, options } = attentionMaps(scores(), { tokens: ["the", "cat"], keys: ["le", "chat"] });
    expect(options.labels).toEqual({ rows: ["the", "cat"], columns: ["le", "chat"] });
    expect([...(tiles[0]!.values as Float32Array)]).toEqual([1, 0, 0.5, 0.5]);
  });

  it("takes weights without heads", () => {
    expect(attentionMaps(tf.ones([3, 2, 2]), { row: 2 }).tiles).toHaveLength(1);
  });
});

it("a grid shows itself as a PNG, and as a line of text in plain Node", () => {
  const bundle = convolutionFilters(grey())[displaySymbol]();
  expect(bundle["text/plain"]).toBe("conv2d_1: 2 filters of 2 x 2 over 1 channel: 2 pictures of 2 x 2");
  expect([...(bundle["image/png"] as Uint8Array).slice(1, 4)]).toEqual([...Buffer.from("PNG")]);
});

it("the palette ends at what is finite", () => {
  expect(rangeOf([1, Number.NaN, -3, Number.POSITIVE_INFINITY], "dark to bright")).toEqual([-3, 1]);
  expect(rangeOf([1, -3], "around zero")).toEqual([-3, 3]);
});

describe("pictures say what is wrong with", () => {
  const image = tf.ones([1, 6, 6, 1]);
  const cases: [string, () => unknown, Error][] = [
    [
      "a model without convolutions",
      () => convolutionFilters(build([2], (x) => x.pipe(layers.dense({ units: 1 })))),
      new OptionError("convolutionFilters: layer must be a conv2d of the model; it has none."),
    ],
    [
      "a layer that is no convolution",
      () => convolutionFilters(grey(), "flatten_1"),
      new OptionError(
        'convolutionFilters: layer must be a conv2d of the model, got "flatten_1"; it has conv2d_1, conv2d_2.',
      ),
    ],
    [
      "a layer without images",
      () => activationMaps(grey(), "flatten_1", image),
      new OptionError(
        'activationMaps: layer must be a layer that gives (height, width, channels) of the model, got "flatten_1"; it has input, conv2d_1, conv2d_2.',
      ),
    ],
    [
      "an image that is in no batch",
      () => activationMaps(grey(), "conv2d_1", tf.ones([6, 6, 1])),
      new ShapeError(
        "activationMaps: input takes rows of shape (n, 6, 6, 1), got (6, 6, 1). Put it into a batch of one: x.expandDims(0).",
      ),
    ],
    [
      "scores of another rank",
      () => attentionMaps(tf.ones([2, 2])),
      new ShapeError(
        "attentionMaps: scores must have the shape (n, heads, queries, keys) or (n, queries, keys), got (2, 2).",
      ),
    ],
    [
      "more tokens than steps",
      () => attentionMaps(tf.ones([1, 1, 2, 2]), { tokens: ["a", "b", "c"] }),
      new ShapeError("attentionMaps: tokens must be an array of 1 to 2 names, got an array of 3."),
    ],
    [
      "a row that there is not",
      () => attentionMaps(tf.ones([1, 1, 2, 2]), { row: 1 }),
      new OptionError("attentionMaps: row must be an integer from 0 to 0, got 1."),
    ],
  ];
  it.each(cases)("%s", (_, wrong, error) => {
    expect(wrong).toThrow(error);
    expect(wrong).toThrow(error.constructor as typeof OptionError);
  });
});
