import { expect, it } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";
import { summary } from "../../../src/inspection/summary.js";
import { layers } from "../../../src/layers/layers.js";
import { layerContract, modelOf, readFixture } from "../../contracts/layer.js";

const fixture = readFixture("pooling");
const volume = [3, 2, 4, 2];

layerContract("globalAveragePooling1d", {
  make: () => layers.globalAveragePooling1d(),
  inputShape: [5, 3],
  fixture: [fixture("globalAveragePooling1d"), fixture("globalAveragePooling1d, masked")],
});
layerContract("globalMaxPooling1d", {
  make: () => layers.globalMaxPooling1d(),
  inputShape: [5, 3],
  fixture: fixture("globalMaxPooling1d"),
});
layerContract("globalAveragePooling1d with its axis", {
  make: () => layers.globalAveragePooling1d({ keepDims: true }),
  inputShape: [5, 3],
  fixture: [fixture("globalAveragePooling1d with its axis"), fixture("globalAveragePooling1d with its axis, masked")],
});
layerContract("globalMaxPooling1d with its axis", {
  make: () => layers.globalMaxPooling1d({ keepDims: true }),
  inputShape: [5, 3],
  fixture: fixture("globalMaxPooling1d with its axis"),
});
layerContract("globalAveragePooling2d with its axes", {
  make: () => layers.globalAveragePooling2d({ keepDims: true }),
  inputShape: [3, 4, 2],
  fixture: fixture("globalAveragePooling2d with its axes"),
});
layerContract("globalAveragePooling2d of channels first with its axes", {
  make: () => layers.globalAveragePooling2d({ keepDims: true, dataFormat: "channelsFirst" }),
  inputShape: [3, 4, 2],
  fixture: fixture("globalAveragePooling2d of channels first with its axes"),
});
layerContract("globalMaxPooling2d with its axes", {
  make: () => layers.globalMaxPooling2d({ keepDims: true }),
  inputShape: [3, 4, 2],
  fixture: fixture("globalMaxPooling2d with its axes"),
});
layerContract("globalAveragePooling3d", {
  make: () => layers.globalAveragePooling3d(),
  inputShape: volume,
  fixture: fixture("globalAveragePooling3d"),
});
layerContract("globalAveragePooling3d of channels first", {
  make: () => layers.globalAveragePooling3d({ dataFormat: "channelsFirst", keepDims: true }),
  inputShape: volume,
  fixture: fixture("globalAveragePooling3d of channels first"),
});
layerContract("globalMaxPooling3d", {
  make: () => layers.globalMaxPooling3d(),
  inputShape: volume,
  fixture: fixture("globalMaxPooling3d"),
});
layerContract("maxPooling3d", {
  make: () => layers.maxPooling3d({ poolSize: 2 }),
  inputShape: volume,
  fixture: fixture("maxPooling3d"),
});
layerContract("averagePooling3d", {
  make: () => layers.averagePooling3d({ poolSize: [1, 2, 2] }),
  inputShape: volume,
  fixture: fixture("averagePooling3d"),
});

it("globalAveragePooling3d counts each value once, and says what it takes", () => {
  const make = () => layers.globalAveragePooling3d({ name: "own" });
  expect(summary(modelOf({ make, inputShape: volume })).rows.at(-1)!.flops).toBe(48);
  expect(() => make().apply(tf.input({ shape: [3, 4] }))).toThrow(
    "own: takes (n, depth, height, width, channels), got (n, 3, 4).",
  );
});
