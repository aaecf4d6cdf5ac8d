import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { DataError, ShapeError } from "../../src/core/errors.js";
import { Matrix } from "../../src/core/matrix.js";
import type { Train } from "../../src/core/part.js";
import { Frame } from "../../src/data/frame.js";
import { split } from "../../src/data/split.js";
import { FittedStandardScaler, StandardScaler } from "../../src/preprocessing/standard-scaler.js";
import { expectNear, type Rows } from "./near.js";

interface Case {
  readonly x: Rows;
  readonly options: { readonly withMean: boolean; readonly withStd: boolean };
  readonly mean: number[];
  readonly scale: number[];
  readonly z: Rows;
}

// Made by fixtures/make.py with scikit-learn 1.9.1.
const { scalers } = JSON.parse(readFileSync(new URL("fixtures/sklearn.json", import.meta.url), "utf8")) as {
  scalers: Case[];
};
const matrix = (rows: Rows) => Matrix.from(rows.map((row) => row.map((value) => value ?? Number.NaN)));

describe("StandardScaler equals scikit-learn's", () => {
  const names = [
    "iris",
    "missing values",
    "constant columns",
    "a difference in the last digit only",
    "means far from 0",
    "without mean",
    "without std",
  ];
  it.each(scalers.map((fixture, i) => [names[i]!, fixture] as const))("%s", (_, { x, options, mean, scale, z }) => {
    const scaler = new StandardScaler(options).fit(matrix(x));
    expectNear([[...scaler.mean]], [mean]);
    expectNear([[...scaler.scale]], [scale]);
    expectNear(scaler.transform(matrix(x)).toRows(), z);
  });
});

describe("StandardScaler", () => {
  it("turns a constant column into 0", () => {
    expect(
      new StandardScaler()
        .fit(Matrix.from([[5], [5]]))
        .transform(Matrix.from([[5], [6]]))
        .toRows(),
    ).toEqual([[0], [1]]);
  });

  it("keeps the numbers of a 32-bit matrix 32-bit", () => {
    const x = new Matrix(Float32Array.of(1, 3), 2, 1);
    expect(new StandardScaler().fit(x).transform(x).data).toEqual(Float32Array.of(-1, 1));
  });

  it("undoes itself", () => {
    const x = Matrix.from(
      [
        [1, 20],
        [2, 10],
        [4, 60],
      ],
      ["a", "b"],
    );
    const scaler = new StandardScaler().fit(x);
    const back = scaler.inverseTransform(scaler.transform(x));
    expectNear(back.toRows(), x.toRows());
    expect(back.names).toEqual(["a", "b"]);
  });

  it("carries the part through the types and refuses held-out rows there too", () => {
    const { train, test } = split(Frame.fromColumns({ a: Array.from({ length: 20 }, (_, i) => i) }));
    const z: Train<Matrix> = new StandardScaler().fit(train).transform(train);
    expect(z.part).toBe("train");
    // @ts-expect-error: the test part is not for learning
    expect(() => new StandardScaler().fit(test)).toThrow(
      "StandardScaler.fit: expected train rows, got the test part. Fit on the train part and transform the others with it.",
    );
  });

  const cases: [string, () => unknown, new () => Error, string][] = [
    [
      "text",
      () => new StandardScaler().fit(Frame.from([{ a: "x" }])),
      DataError,
      'StandardScaler.fit: column "a" holds strings, not numbers. Select other columns, or use a ColumnTransformer.',
    ],
    [
      "no values",
      () => new StandardScaler().fit(Frame.from([{ a: null }])),
      DataError,
      'StandardScaler.fit: column "a" has no values. Clean or drop it.',
    ],
    [
      "infinity",
      () => new StandardScaler().fit(Matrix.from([[1], [Number.POSITIVE_INFINITY]])),
      DataError,
      'StandardScaler.fit: column "x0" holds infinite or too large values. Clean or drop it.',
    ],
    [
      "other columns",
      () => new StandardScaler().fit(Matrix.from([[1]])).transform(Matrix.from([[1, 2]])),
      ShapeError,
      "StandardScaler.transform: expected 1 columns as in fit, got 2.",
    ],
    [
      "more columns",
      () => new StandardScaler().fit(Frame.from([{ a: 1 }])).transform(Frame.from([{ a: 1, b: 2 }])),
      DataError,
      'StandardScaler.transform: column "b" was not there in fit. Select the columns of fit first.',
    ],
    [
      "other JSON",
      () => FittedStandardScaler.fromJSON({ type: "OneHotEncoder" } as never),
      DataError,
      'StandardScaler.fromJSON: expected type "StandardScaler", got "OneHotEncoder".',
    ],
    [
      "cut JSON",
      () => FittedStandardScaler.fromJSON({ type: "StandardScaler", names: ["a"], mean: [], scale: [1] }),
      DataError,
      "StandardScaler.fromJSON: names, mean, scale must have one length, got 1, 0, 1.",
    ],
  ];
  it.each(cases)("refuses %s in one sentence", (_, call, kind, message) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });
});
