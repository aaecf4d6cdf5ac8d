import { describe, expect, it } from "@jest/globals";
import { loadCanvas } from "../../src/charts/vega-tools.js";
import { ShapeError } from "../../src/core/errors.js";
import { Matrix } from "../../src/core/matrix.js";
import { tf } from "../../src/engine/tf.js";
import { stripChart } from "../../src/inspection/activation-strips.js";
import { inspect } from "../../src/inspection/inspect.js";
import { modelGraph } from "../../src/inspection/model-graph.js";
import { receptiveFields } from "../../src/inspection/receptive-field.js";
import { ChannelPadding } from "../../src/layers/blocks/channel-padding.js";
import { build } from "../../src/layers/build.js";
import { add, concat } from "../../src/layers/combine.js";
import { layers } from "../../src/layers/layers.js";
import { displaySymbol } from "../../src/output/mime.js";

/** One dense layer with these weights. */
function dense(kernel: number[][], bias: number[], activation: "relu" | "tanh" | "sigmoid" | "linear") {
  const model = build([kernel.length], (x) => x.pipe(layers.dense({ units: bias.length, activation, name: "hidden" })));
  model.setWeights([tf.tensor2d(kernel), tf.tensor1d(bias)]);
  return model;
}

const field = (model: tf.LayersModel, layer: string) => receptiveFields(modelGraph("test", model)).get(layer);

describe("inspect finds", () => {
  it("mean, deviation and ends of what comes out", () => {
    const [input, hidden] = inspect(dense([[2]], [1], "linear"), [[1], [2], [3], [6]]).rows;
    expect(input).toMatchObject({ layer: "input", mean: 3, std: Math.sqrt(3.5), min: 1, max: 6, dead: null });
    expect(hidden).toMatchObject({ layer: "hidden", mean: 7, min: 3, max: 13, units: 1, from: ["input"] });
    expect(hidden!.std).toBeCloseTo(2 * Math.sqrt(3.5), 5);
  });

  it("the deviation of large values that differ little", () => {
    const { rows } = inspect(dense([[1]], [0], "linear"), [[1e4], [1e4 + 1]]);
    expect(rows[1]!.std).toBe(0.5);
  });

  it("units that are 0 in every row, and says what to do", () => {
    const model = dense([[1, -1, 1, -1]], [0, 0, 0, 0], "relu");
    const { rows, findings } = inspect(model, [[1], [2], [3]]);
    expect(rows[1]).toMatchObject({ units: 4, dead: 0.5 });
    expect(findings).toEqual([
      "hidden: 50 % of its 4 units are dead (0 in all 3 rows); try a smaller learning rate, He initialisation or leaky relu.",
    ]);
    expect(inspect(model, [[1], [-2]]).findings).toEqual([]);
  });

  it("channels that are 0 in every place", () => {
    const model = build([4, 4, 1], (x) => x.pipe(layers.conv2d({ filters: 2, kernelSize: 1, activation: "relu" })));
    model.setWeights([tf.tensor4d([1, -1], [1, 1, 1, 2]), tf.zeros([2])]);
    expect(inspect(model, tf.ones([2, 4, 4, 1])).rows[1]).toMatchObject({ units: 2, dead: 0.5 });
  });

  it.each(["tanh", "sigmoid"] as const)("values at the ends of %s", (activation) => {
    const { rows, findings } = inspect(dense([[1]], [0], activation), [[20], [-20], [30], [0.5]]);
    expect(rows[1]!.saturated).toBe(0.75);
    expect(findings).toEqual([
      `hidden: 75 % of its values are at the ends of ${activation}, where gradients vanish; scale what comes in, normalise before it or start with smaller weights.`,
    ]);
  });

  it("the first layer with NaN or infinite values", () => {
    const model = build([1], (x) =>
      x.pipe(layers.dense({ units: 1, name: "first" }), layers.dense({ units: 1, name: "second" })),
    );
    model.setWeights([tf.tensor2d([[1e38]]), tf.zeros([1]), tf.ones([1, 1]), tf.zeros([1])]);
    const { rows, findings } = inspect(model, [[1], [100]]);
    expect(rows.map(({ infinite }) => infinite)).toEqual([0, 0.5, 0.5]);
    expect(rows[1]!.mean).toBeCloseTo(1e38, -33);
    expect(findings).toEqual([
      "first: 50 % of its values are infinite while what comes in is finite; look at its weights, and train with a smaller learning rate or clipped gradients.",
    ]);
    expect(inspect(model, [[Number.NaN], [1]]).findings).toEqual([
      "input: 50 % of its values are NaN; look at the data.",
    ]);
  });

  it("the same in a model with branches, several inputs and a layer that is used twice", () => {
    const shared = layers.dense({ units: 3, name: "shared" });
    const model = build({ left: [3], right: [3] }, ({ left, right }) => {
      return { score: concat([left.pipe(shared), right.pipe(shared)]).pipe(layers.dense({ units: 1 })) };
    });
    const left = tf.ones([5, 3]);
    const right = tf.zeros([5, 3]);
    const { rows } = inspect(model, { left, right });
    expect(rows.map(({ layer }) => layer)).toEqual(["left", "right", "shared", "shared:2", "concatenate_1", "score"]);
    const score = (model.predict([left, right]) as tf.Tensor).mean().dataSync()[0]!;
    expect(rows.at(-1)!.mean).toBeCloseTo(score, 5);
    expect(rows[3]!.mean).toBe(0);
  });
});

describe("inspect", () => {
  const model = () =>
    build([8, 8, 1], (x) =>
      x.pipe(
        layers.conv2d({ filters: 3, kernelSize: 3, activation: "relu" }),
        layers.batchNormalization(),
        layers.dropout({ rate: 0.5 }),
        layers.flatten(),
        layers.dense({ units: 2 }),
      ),
    );
  const x = tf.randomNormal([6, 8, 8, 1], 0, 1, "float32", 5);

  it("frees what it makes and leaves the model as it was", () => {
    const one = model();
    const weights = () => JSON.stringify([one.toJSON(), one.getWeights().map((weight) => [...weight.dataSync()])]);
    const before = weights();
    const nodes = one.layers.map(({ outboundNodes }) => outboundNodes.length);
    const tensors = tf.memory().numTensors;
    inspect(one, x);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(weights()).toBe(before);
    expect(one.layers.map(({ outboundNodes }) => outboundNodes.length)).toEqual(nodes);
    expect(x.isDisposed).toBe(false);
  });

  it("frees it also when it fails on the way", () => {
    class Failing extends tf.layers.Layer {
      static readonly className = "Failing";
      override call(): never {
        throw new RangeError("on the way");
      }
    }
    const failing = build([3], (y) => y.pipe(layers.dense({ units: 3 }), new Failing({})));
    const rows = tf.ones([2, 3]);
    const tensors = tf.memory().numTensors;
    expect(() => inspect(failing, rows)).toThrow(new RangeError("on the way"));
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it("sees what predict gives: dropout is off", () => {
    const one = model();
    const { rows } = inspect(one, x);
    expect(rows.at(-1)!.mean).toBeCloseTo((one.predict(x) as tf.Tensor).mean().dataSync()[0]!, 5);
    expect(rows[3]!.mean).toBe(rows[2]!.mean);
  });

  it("takes a Matrix", () => {
    expect(inspect(dense([[2]], [0], "linear"), Matrix.from([[1], [3]])).rows[1]!.mean).toBe(4);
  });

  it("shows sentences, a table and strips of at most 2,000 bins", () => {
    const inspection = inspect(model(), x);
    const bundle = inspection[displaySymbol]() as Record<string, string>;
    const [title, finding, header] = bundle["text/plain"]!.split("\n");
    expect([title, finding]).toEqual(['Model "model" on 6 rows', "Nothing looks wrong."]);
    expect(header!.split(/ {2,}/)).toEqual([
      "layer",
      "output",
      "mean",
      "std",
      "dead",
      "saturated",
      "NaN",
      "infinite",
      "sees",
    ]);
    expect(bundle["text/html"]).toContain('src="data:image/png;base64,iVBORw0KGgo');
    const rows = (inspection.strips.spec.data as { values: { share: number }[] }).values;
    expect(rows.length).toBeLessThanOrEqual(2000);
    expect(Math.max(...rows.map(({ share }) => share))).toBe(1);
  });

  it.each<[number, number, number, number[]]>([
    [-3, 40, 0.3, [-1, 0, 1, 10]],
    [0, 2, 5, [0, 1]],
    [-0.002, 0.05, 0.004, [0, 0.01]],
    [-1e9, 1e9, 1, [-1e9, -1e6, -1e3, -1, 0, 1, 1e3, 1e6, 1e9]],
    [0, 0, 1, [0]],
  ])("marks powers of ten on an axis from %d to %d that is linear to %d", (from, to, scale, ticks) => {
    const { encoding } = stripChart(["one"], [{ layer: "one", from, to, share: 1 }], scale).spec;
    const { x } = encoding as { readonly x: { readonly axis: { readonly values: number[] } } };
    expect(x.axis.values.map((tick) => Number(tick.toPrecision(12)))).toEqual(ticks);
  });

  it("lets the page through, light or dark", async () => {
    const { "text/html": html } = inspect(model(), x)[displaySymbol]() as Record<string, string>;
    const { createCanvas, loadImage } = loadCanvas();
    const picture = await loadImage(Buffer.from(/base64,([^"]+)"/.exec(html!)![1]!, "base64"));
    const context = createCanvas(picture.width, picture.height).getContext("2d");
    context.drawImage(picture, 0, 0);
    expect(context.getImageData(0, 0, 1, 1).data[3]).toBe(0);
  });

  const cases: [string, () => unknown, string][] = [
    [
      "one row that is in no batch",
      () => inspect(model(), tf.zeros([8, 8, 1])),
      "inspect: input takes rows of shape (n, 8, 8, 1), got (8, 8, 1). Put it into a batch of one: x.expandDims(0).",
    ],
    ["other rows", () => inspect(model(), [[1, 2]]), "inspect: input takes rows of shape (n, 8, 8, 1), got (1, 2)."],
    [
      "no rows",
      () => inspect(model(), "x" as never),
      'inspect: takes a tensor, a Matrix or arrays of numbers, got "x".',
    ],
    [
      "rows for one of two inputs",
      () =>
        inspect(
          build({ a: [1], b: [1] }, ({ a, b }) => add([a, b])),
          { a: [[1]] },
        ),
      "inspect: has no rows for the input b.",
    ],
    [
      "a bare batch for two inputs",
      () =>
        inspect(
          build({ a: [1], b: [1] }, ({ a, b }) => add([a, b])),
          [[1]],
        ),
      "inspect: the model has the inputs a, b. Pass an object with rows for each.",
    ],
  ];
  it.each(cases)("says what is wrong with %s", (_, wrong, sentence) => {
    expect(wrong).toThrow(new ShapeError(sentence));
  });
});

describe("the receptive field", () => {
  it("of VGG-16 is 212 x 212 behind its last pool (Araujo, Norris & Sim, Distill 2019)", () => {
    const stages = [
      [2, 64],
      [2, 128],
      [3, 256],
      [3, 512],
      [3, 512],
    ] as const;
    const model = build([224, 224, 3], (x) =>
      stages.reduce<tf.SymbolicTensor>((y, [depth]) => {
        // The field does not depend on the filters: one is enough.
        const convolutions = Array.from({ length: depth }, () =>
          layers.conv2d({ filters: 1, kernelSize: 3, padding: "same" }),
        );
        return convolutions
          .reduce<tf.SymbolicTensor>((z, layer) => z.pipe(layer), y)
          .pipe(layers.maxPooling2d({ poolSize: 2 }));
      }, x),
    );
    expect(field(model, "max_pooling2d_5")).toEqual([212, 212]);
  });

  it("grows with dilation and strides, and is that of the longest way where ways meet", () => {
    const model = build([32, 32, 1], (x) => {
      const y = x.pipe(
        layers.conv2d({ filters: 1, kernelSize: 3, strides: 2, padding: "same" }),
        layers.conv2d({ filters: 1, kernelSize: [3, 1], dilationRate: 2, padding: "same" }),
      );
      return add([x.pipe(layers.maxPooling2d({ poolSize: 2 })), y]);
    });
    expect(field(model, "conv2d_2")).toEqual([3 + 2 * 2 * 2, 3]);
    expect(field(model, "add_1")).toEqual([11, 3]);
  });

  it("keeps its size behind a shortcut of every other pixel, whose neighbours are farther apart", () => {
    const model = build([8, 8, 1], (x) =>
      x.pipe(
        layers.conv2d({ filters: 1, kernelSize: 3, padding: "same" }),
        new ChannelPadding({ filters: 2, stride: 2, name: "shortcut" }),
        layers.conv2d({ filters: 1, kernelSize: 3 }),
      ),
    );
    expect(field(model, "shortcut")).toEqual([3, 3]);
    expect(field(model, "conv2d_2")).toEqual([7, 7]);
  });

  it("shrinks its steps where images are enlarged", () => {
    const model = build([8, 8, 1], (x) =>
      x.pipe(layers.maxPooling2d({ poolSize: 2 }), layers.upSampling2d(), layers.conv2d({ filters: 1, kernelSize: 3 })),
    );
    expect(field(model, "conv2d_1")).toEqual([4, 4]); // 2 of the pool, and 2 steps of 1
  });

  it("counts steps of tokens, and is everything behind a recurrent layer", () => {
    const model = build([12], (x) =>
      x.pipe(
        layers.embedding({ inputDim: 9, outputDim: 4 }),
        layers.conv1d({ filters: 2, kernelSize: 3, padding: "causal" }),
        layers.lstm({ units: 2 }),
      ),
    );
    expect(field(model, "conv1d_1")).toEqual([3]);
    expect(field(model, "lstm_1")).toBe("all");
  });

  it("is everything behind a dense layer on flat rows, and none for rows of features", () => {
    const model = build([8, 8, 1], (x) =>
      x.pipe(layers.flatten(), layers.dense({ units: 2 }), layers.dense({ units: 2 })),
    );
    expect(field(model, "dense_2")).toBe("all");
    expect(field(dense([[1]], [0], "relu"), "hidden")).toBeNull();
  });
});
