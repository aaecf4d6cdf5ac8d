import { expect, it } from "@jest/globals";
import { RandomStream } from "../../src/core/random.js";
import { squaredSum } from "../../src/optimizers/squared-sum.js";

const random = RandomStream.of(2, "data");

it.each([0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 4095, 4096, 4097, 10_003])("is that of a plain loop over %i", (n) => {
  const values = Float32Array.from({ length: n }, () => random.normal());
  const expected = values.reduce((sum, value) => sum + value * value, 0);
  expect(Math.abs(squaredSum(values) - expected)).toBeLessThanOrEqual(1e-12 * expected);
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  "%d anywhere makes it not finite",
  (value) => {
    for (const n of [1, 6, 8, 13, 4096, 4099]) {
      for (const place of [0, n >> 1, n - 1]) {
        const values = new Float32Array(n).fill(1);
        values[place] = value;
        expect(Number.isFinite(squaredSum(values))).toBe(false);
        expect(squaredSum(new Float32Array(n).fill(1))).toBe(n);
      }
    }
  },
);

it("of the largest float32 numbers is finite", () => {
  expect(squaredSum(new Float32Array(5000).fill(-3.4e38)) / 5000 / 3.4e38 ** 2).toBeCloseTo(1, 6);
});
