import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { DataError, OptionError, ShapeError } from "../../src/core/errors.js";
import { Matrix } from "../../src/core/matrix.js";
import type { Cell } from "../../src/data/column.js";
import { Frame } from "../../src/data/frame.js";
import { FittedLabelEncoder, LabelEncoder } from "../../src/preprocessing/label-encoder.js";
import { OneHotEncoder, type OneHotEncoderOptions } from "../../src/preprocessing/one-hot-encoder.js";

interface Case {
  readonly x: Cell[][];
  readonly options: OneHotEncoderOptions;
  readonly names: string[];
  readonly z: number[][];
}

// Made by fixtures/make.py with scikit-learn 1.9.1.
const { encoders, labels } = JSON.parse(readFileSync(new URL("fixtures/sklearn.json", import.meta.url), "utf8")) as {
  encoders: Case[];
  labels: { y: string[]; classes: string[]; codes: number[] };
};
const frame = (rows: Cell[][]) => Frame.from(rows.map(([x0, x1]) => ({ x0: x0!, x1: x1! })));

describe("OneHotEncoder equals scikit-learn's", () => {
  const names = ["text with a missing value", "drop first", "drop if binary", "numbers", "numbers, unknown ignored"];
  it.each(encoders.map((fixture, i) => [names[i]!, fixture] as const))("%s", (_, { x, options, names, z }) => {
    const encoder = new OneHotEncoder(options).fit(frame(x));
    expect(encoder.featureNames).toEqual(names);
    expect(encoder.transform(frame(x)).toRows()).toEqual(z);
  });
});

describe("OneHotEncoder", () => {
  const train = Frame.from([{ island: "Dream" }, { island: "Biscoe" }]);
  const unseen = Frame.from([{ island: "Dream" }, { island: "Torgersen" }]);

  it("names the row and the categories when one is new", () => {
    expect(() => new OneHotEncoder().fit(train).transform(unseen)).toThrow(
      'OneHotEncoder.transform: column "island" holds "Torgersen" in row 1, but fit saw only "Biscoe", "Dream". Set handleUnknown: "ignore" to encode it as zeros.',
    );
  });

  it("encodes a new category as zeros if told so", () => {
    const encoder = new OneHotEncoder({ handleUnknown: "ignore" }).fit(train);
    expect(encoder.transform(unseen).toRows()).toEqual([
      [0, 1],
      [0, 0],
    ]);
  });

  it("does not mistake the number 1 for the text 1", () => {
    const encoder = new OneHotEncoder({ handleUnknown: "ignore" }).fit(Frame.from([{ code: "1" }]));
    expect(encoder.transform(Frame.from([{ code: 1 }])).toRows()).toEqual([[0]]);
  });

  it("takes the columns of a matrix as categories", () => {
    const encoder = new OneHotEncoder().fit(Matrix.from([[3], [1]], ["digit"]));
    expect(encoder.featureNames).toEqual(["digit_1", "digit_3"]);
  });

  it("refuses a word it does not know when it is made, and dates when it learns", () => {
    expect(() => new OneHotEncoder({ drop: "last" as never })).toThrow(
      'OneHotEncoder: drop must be one of "none", "first", "ifBinary", got "last".',
    );
    expect(() => new OneHotEncoder({ drop: "last" as never })).toThrow(OptionError);
    expect(() => new OneHotEncoder().fit(Frame.from([{ day: new Date(0) }]))).toThrow(
      'OneHotEncoder.fit: column "day" holds dates, not categories. Derive the part of the date you mean.',
    );
  });
});

describe("LabelEncoder", () => {
  it("equals scikit-learn's", () => {
    const encoder = new LabelEncoder().fit(labels.y);
    expect(encoder.classes).toEqual(labels.classes);
    expect([...encoder.transform(labels.y)]).toEqual(labels.codes);
    expect(encoder.inverseTransform(labels.codes)).toEqual(labels.y);
  });

  it("keeps the literal types of a column's categories", () => {
    const species = Frame.from([{ species: "Gentoo" as "Adelie" | "Gentoo" }]).column("species");
    const classes: readonly ("Adelie" | "Gentoo")[] = new LabelEncoder().fit(species).classes;
    expect(classes).toEqual(["Gentoo"]);
  });

  it("takes numbers in ascending order and is the same after a trip through JSON", () => {
    const encoder = new LabelEncoder().fit([10, 9, 10]);
    expect(encoder.classes).toEqual([9, 10]);
    expect(FittedLabelEncoder.fromJSON(JSON.parse(JSON.stringify(encoder)))).toEqual(encoder);
  });

  const fitted = new LabelEncoder().fit(["a", "b"]);
  const cases: [string, () => unknown, new () => Error, string][] = [
    [
      "a new label",
      () => fitted.transform(["a", "c"]),
      DataError,
      'LabelEncoder.transform: row 1 is "c", but fit saw only "a", "b".',
    ],
    [
      "a missing label",
      () => new LabelEncoder().fit(["a", null as never]),
      DataError,
      "LabelEncoder.fit: the label in row 1 of y is missing. Drop such rows first: frame.dropMissing(target).",
    ],
    ["no labels", () => new LabelEncoder().fit([]), ShapeError, "LabelEncoder.fit: expected at least 1 label, got 0."],
    [
      "what is no list",
      () => new LabelEncoder().fit(7 as never),
      DataError,
      "LabelEncoder.fit: expected y to be a column or an array of labels, got 7.",
    ],
    [
      "a number without class",
      () => fitted.inverseTransform([0, 2]),
      OptionError,
      "LabelEncoder.inverseTransform: a class number must be an integer from 0 to 1, got 2.",
    ],
  ];
  it.each(cases)("refuses %s in one sentence", (_, call, kind, message) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });
});
