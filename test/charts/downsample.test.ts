import { describe, expect, it } from "@jest/globals";
import { downsampleLine, everyNth } from "../../src/charts/downsample.js";

const wave = Array.from({ length: 10_000 }, (_, i) => (i === 4321 ? 9 : i === 8765 ? -9 : Math.sin(i / 50)));
const self = (value: number) => value;

describe("downsampleLine", () => {
  it("leaves a short line as it is", () => {
    expect(downsampleLine([3, 1, 2], self, 3)).toEqual([3, 1, 2]);
  });

  it("keeps the ends and every extreme, in order", () => {
    const points = wave.map((value, i) => ({ i, value }));
    const kept = downsampleLine(points, (point) => point.value, 200);
    expect(kept.length).toBeLessThanOrEqual(200);
    expect(kept.length).toBeGreaterThan(150);
    expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)]);
    expect(kept).toEqual(expect.arrayContaining([points[4321], points[8765]]));
    expect(kept.map((point) => point.i)).toEqual([...kept.map((point) => point.i)].sort((a, b) => a - b));
  });

  it("keeps the lowest and the highest of each stretch", () => {
    expect(downsampleLine([0, 5, 1, 2, 9, 3, 4, 7], self, 6)).toEqual([0, 5, 1, 9, 3, 7]);
  });
});

describe("everyNth", () => {
  it("is an even selection", () => {
    expect(everyNth([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 5)).toEqual([0, 2, 4, 6, 8]);
    expect(everyNth([0, 1], 5)).toEqual([0, 1]);
  });
});
