import { expect, it } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";
import { summary } from "../../../src/inspection/summary.js";
import { build } from "../../../src/layers/build.js";
import { layers } from "../../../src/layers/layers.js";
import type { Value } from "../../../src/layers/value.js";
import { layerContract, readFixture } from "../../contracts/layer.js";

const fixture = readFixture("convolution");
const channelsFirst = { dataFormat: "channelsFirst" } as const;
const cases = {
  zeroPadding1d: [() => layers.zeroPadding1d({ padding: [2, 1] }), [4, 3]],
  zeroPadding3d: [
    () =>
      layers.zeroPadding3d({
        padding: [
          [1, 0],
          [2, 1],
          [0, 3],
        ],
      }),
    [2, 3, 2, 2],
  ],
  "zeroPadding3d of channels first": [
    () => layers.zeroPadding3d({ padding: [1, 0, 2], ...channelsFirst }),
    [2, 2, 3, 2],
  ],
  cropping1d: [() => layers.cropping1d({ cropping: [2, 1] }), [6, 3]],
  cropping3d: [
    () =>
      layers.cropping3d({
        cropping: [
          [1, 0],
          [2, 1],
          [0, 1],
        ],
      }),
    [2, 4, 3, 2],
  ],
  "cropping3d of channels first": [() => layers.cropping3d({ cropping: 1, ...channelsFirst }), [2, 3, 4, 3]],
  upSampling1d: [() => layers.upSampling1d({ size: 3 }), [4, 3]],
  upSampling3d: [() => layers.upSampling3d({ size: [2, 1, 3] }), [2, 3, 2, 2]],
  "upSampling3d of channels first": [() => layers.upSampling3d(channelsFirst), [2, 2, 1, 2]],
} as const satisfies Record<string, readonly [make: () => tf.layers.Layer, inputShape: readonly number[]]>;

for (const [name, [make, inputShape]] of Object.entries(cases)) {
  layerContract(name, { make, inputShape, fixture: fixture(name) });
}

const shapeOf = (layer: tf.layers.Layer, shape: (number | null)[]) =>
  (layer.apply(tf.input({ shape })) as tf.SymbolicTensor).shape;

it("without options it is one on each side, and every place twice; open sizes stay open", () => {
  expect(shapeOf(layers.zeroPadding1d(), [null, 2])).toEqual([null, null, 2]);
  expect(shapeOf(layers.zeroPadding3d(), [1, 2, 3, 2])).toEqual([null, 3, 4, 5, 2]);
  expect(shapeOf(layers.cropping1d(), [5, 2])).toEqual([null, 3, 2]);
  expect(shapeOf(layers.cropping3d(), [3, 4, null, 2])).toEqual([null, 1, 2, null, 2]);
  expect(shapeOf(layers.upSampling1d(), [5, 2])).toEqual([null, 10, 2]);
  expect(shapeOf(layers.upSampling3d(), [1, 2, null, 2])).toEqual([null, 2, 4, null, 2]);
});

it("says what it takes", () => {
  const name = "own";
  expect(() => layers.zeroPadding1d({ name, padding: -1 })).toThrow("own: padding must be an integer from 0, got -1.");
  expect(() => layers.cropping1d({ name, cropping: [1, 2, 3] as never })).toThrow(
    "own: cropping must be a number, or [before, after], got an array of 3.",
  );
  expect(() => layers.zeroPadding3d({ name, padding: [1, 2] as never })).toThrow(
    "own: padding must be a number, one for each of the 3 axes, or [before, after] for each, got an array of 2.",
  );
  expect(() => layers.upSampling1d({ name, size: 0 })).toThrow("own: size must be an integer from 1, got 0.");
  expect(() => layers.upSampling3d({ name, size: [1, 2] as never })).toThrow(
    "own: size must be a number, or 3 of them, got an array of 2.",
  );
  expect(() => shapeOf(layers.upSampling3d({ name }), [2, 2])).toThrow(
    "own: takes (n, depth, height, width, channels), got (n, 2, 2)",
  );
  expect(() => shapeOf(layers.cropping1d({ name, cropping: 2 }), [4, 2])).toThrow(
    "own: cuts 4 off, which leaves nothing, got (n, 4, 2); crop less.",
  );
});

it("costs nothing, and the compiler knows the channels", () => {
  const model = build([6, 4], (x) => {
    const y: Value<readonly [number, 4]> = x.pipe(layers.zeroPadding1d(), layers.upSampling1d());
    return y.pipe(layers.cropping1d());
  });
  expect(summary(model).rows.map(({ flops }) => flops)).toEqual([0, 0, 0, 0]);
});
