import { describe, expect, it } from "@jest/globals";
import { Matrix } from "../../src/core/matrix.js";
import { columnMoments } from "../../src/core/moments.js";
import { RandomStream } from "../../src/core/random.js";

describe("columnMoments", () => {
  it("divides by the values that are there", () => {
    const { count, mean, variance } = columnMoments(
      Matrix.from([
        [1, Number.NaN],
        [3, 5],
        [8, Number.NaN],
      ]),
    );
    expect([count, mean, variance]).toEqual([Float64Array.of(3, 1), Float64Array.of(4, 5), Float64Array.of(26 / 3, 0)]);
  });

  it("keeps its digits far from 0", () => {
    const { variance } = columnMoments(Matrix.from([[1e9 + 1], [1e9 + 2], [1e9 + 3]]));
    expect(variance[0]).toBeCloseTo(2 / 3, 12);
  });

  it("takes back what rounding did to the mean of many rows", () => {
    const random = RandomStream.of(1, "data");
    const offsets = Array.from({ length: 100_000 }, () => random.integer(1024) / 1024); // exact beside 1e9
    const near = columnMoments(new Matrix(Float64Array.from(offsets), offsets.length, 1));
    const far = columnMoments(
      new Matrix(
        Float64Array.from(offsets, (offset) => 1e9 + offset),
        offsets.length,
        1,
      ),
    );
    expect(Math.abs(far.variance[0]! - near.variance[0]!)).toBeLessThan(1e-12);
  });

  it("is NaN for a column without values", () => {
    expect(columnMoments(Matrix.from([[Number.NaN]])).mean[0]).toBeNaN();
  });
});
