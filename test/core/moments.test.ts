import { describe, expect, it } from "@jest/globals";
import { Matrix } from "../../src/core/matrix.js";
import { columnMoments } from "../../src/core/moments.js";

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

  it("is NaN for a column without values", () => {
    expect(columnMoments(Matrix.from([[Number.NaN]])).mean[0]).toBeNaN();
  });
});
