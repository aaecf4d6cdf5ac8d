import { expect } from "@jest/globals";

/** Rows of numbers; null where the fixture has a missing one. */
export type Rows = readonly (readonly (number | null)[])[];

/** Equal to 1e-6 of each value's size, and missing in the same places. */
export function expectNear(got: Rows, expected: Rows): void {
  expect(got.length).toBe(expected.length);
  got.forEach((row, i) => {
    expect(row.length).toBe(expected[i]!.length);
    row.forEach((value, j) => {
      const wanted = expected[i]![j]!;
      if (wanted === null) expect(value).toBeNaN();
      else expect(Math.abs(value! - wanted)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(wanted)));
    });
  });
}
