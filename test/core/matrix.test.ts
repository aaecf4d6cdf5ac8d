import { describe, expect, it } from "@jest/globals";
import { ShapeError } from "../../src/core/errors.js";
import { Matrix } from "../../src/core/matrix.js";
import type { Test, Train } from "../../src/core/part.js";
import { bundleOf } from "../../src/output/display.js";
import type { MimeBundle } from "../../src/output/mime.js";

const matrix = Matrix.from(
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  ["a", "b", "c"],
);

describe("a matrix", () => {
  it("lays its rows one after the other", () => {
    expect(matrix.data).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6));
    expect([matrix.nRows, matrix.nColumns, matrix.row(1)]).toEqual([2, 3, Float64Array.of(4, 5, 6)]);
  });

  it("names its columns x0, x1, ... unless told", () => {
    expect(Matrix.from([[7, 8]]).names).toEqual(["x0", "x1"]);
  });

  it("takes rows in any order, also twice", () => {
    const taken = matrix.take([1, 0, 1]);
    expect(taken.toRows().map((row) => row[0])).toEqual([4, 1, 4]);
    expect(taken.names).toEqual(["a", "b", "c"]);
  });

  it("map knows the column and leaves the matrix unchanged", () => {
    expect(matrix.map((value, column) => value * 10 ** column).toRows()).toEqual([
      [1, 20, 300],
      [4, 50, 600],
    ]);
    expect(matrix.data[1]).toBe(2);
  });

  it("stays 32-bit, and the part it was", () => {
    const part: Train<Matrix> = new Matrix(Float32Array.of(1, 2), 2, 1, { part: "train" }) as Train<Matrix>;
    const same: Train<Matrix> = part.take([0]).map((value) => value + 1);
    expect([same.data, same.part]).toEqual([Float32Array.of(2), "train"]);
    // @ts-expect-error: a train part is not a test part
    const wrong: Test<Matrix> = part;
    expect(wrong.part).toBe("train");
  });

  it("may have no rows", () => {
    expect(Matrix.from([], ["a"]).take([]).toRows()).toEqual([]);
  });

  it("shows its shape and first rows, with names escaped", () => {
    const bundle = bundleOf(Matrix.from([[1, 2.123456789]], ["a", "<b>"])) as MimeBundle;
    expect(bundle["text/plain"]).toBe("Matrix 1 x 2\na     <b>\n1  2.1235");
    expect(bundle["text/html"]).not.toContain("<b>");
  });

  const cases: [string, () => unknown, string][] = [
    ["ragged rows", () => Matrix.from([[1, 2], [3]]), "Matrix.from: row 1 has 1 numbers where row 0 has 2."],
    [
      "too few numbers",
      () => new Matrix(new Float64Array(5), 2, 3),
      "Matrix: expected 2 x 3 = 6 numbers in data, got 5.",
    ],
    [
      "too few names",
      () => Matrix.from([[1, 2]], ["a"]),
      "Matrix: expected a name for each of 2 columns, got 1 names.",
    ],
    ["a row beyond the end", () => matrix.take([2]), "Matrix.take: a row index is an integer from 0 to 1, got 2."],
    ["a row that is no integer", () => matrix.row(0.5), "Matrix.row: a row index is an integer from 0 to 1, got 0.5."],
  ];
  it.each(cases)("refuses %s in one sentence", (_, call, message) => {
    expect(call).toThrow(ShapeError);
    expect(call).toThrow(message);
  });
});
