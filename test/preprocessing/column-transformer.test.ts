import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Matrix } from "../../src/core/matrix.js";
import { datasets } from "../../src/data/datasets.js";
import { Frame } from "../../src/data/frame.js";
import { split } from "../../src/data/split.js";
import { ColumnTransformer } from "../../src/preprocessing/column-transformer.js";
import { OneHotEncoder } from "../../src/preprocessing/one-hot-encoder.js";
import { StandardScaler } from "../../src/preprocessing/standard-scaler.js";
import { transformerFromJSON } from "../../src/preprocessing/transformer.js";
import { expectNear } from "./near.js";

// Made by fixtures/make.py with scikit-learn 1.9.1.
const { columns } = JSON.parse(readFileSync(new URL("fixtures/sklearn.json", import.meta.url), "utf8")) as {
  columns: { rows: [number, number, string][]; z: number[][] };
};

describe("ColumnTransformer", () => {
  it("equals scikit-learn's, remainder last", () => {
    const frame = Frame.from(columns.rows.map(([a, b, species]) => ({ a, b, species })));
    const steps = {
      encode: { columns: ["species"], transformer: new OneHotEncoder() },
      scale: { columns: ["b"], transformer: new StandardScaler() },
    } as const;
    const fitted = new ColumnTransformer(steps, { remainder: "passthrough" }).fit(frame);
    expect(fitted.featureNames).toEqual(["species_setosa", "species_versicolor", "species_virginica", "b", "a"]);
    expectNear(fitted.transform(frame).toRows(), columns.z);
  });

  it("prepares the penguins without their test part leaking in", () => {
    const { train, test } = split(datasets.penguins().dropMissing(), { stratify: "species", seed: 7 });
    const fitted = new ColumnTransformer({
      scale: { columns: ["billLength", "billDepth", "flipperLength", "bodyMass"], transformer: new StandardScaler() },
      encode: { columns: ["island", "sex"], transformer: new OneHotEncoder() },
    }).fit(train);
    const z = fitted.transform(test);
    expect([z.nRows, z.nColumns, z.part]).toEqual([test.nRows, 9, "test"]);
    const billLength = train.column("billLength").values;
    const mean = billLength.reduce((sum, value) => sum + value, 0) / billLength.length;
    const std = Math.sqrt(billLength.reduce((sum, value) => sum + (value - mean) ** 2, 0) / billLength.length);
    expect(z.row(0)[0]).toBeCloseTo((test.column("billLength").values[0]! - mean) / std, 9);
  });

  it("refuses a misspelt column, for the compiler and in one sentence", () => {
    const prepare = new ColumnTransformer({ scale: { columns: ["bodyMas"], transformer: new StandardScaler() } });
    // @ts-expect-error: penguins have no column bodyMas
    expect(() => prepare.fit(datasets.penguins())).toThrow(
      'ColumnTransformer.fit, step "scale": no column "bodyMas". Did you mean "bodyMass"?',
    );
  });

  it("refuses held-out rows, for the compiler and in one sentence", () => {
    const { validation } = split(datasets.iris());
    const prepare = new ColumnTransformer({ scale: { columns: ["petalWidth"], transformer: new StandardScaler() } });
    // @ts-expect-error: the validation part is not for learning
    expect(() => prepare.fit(validation)).toThrow(
      "ColumnTransformer.fit: expected train rows, got the validation part.",
    );
  });

  const steps = { scale: { columns: ["a"], transformer: new StandardScaler() } } as const;
  const twice = { one: steps.scale, two: steps.scale };
  const text = Frame.from([{ a: 1, b: "x" }]);
  const cases: [string, () => unknown, string][] = [
    [
      "a matrix",
      () => new ColumnTransformer(steps).fit(Matrix.from([[1]]) as never),
      "ColumnTransformer.fit: expected a Frame, whose columns have names and types, got a Matrix.",
    ],
    [
      "one name twice",
      () => new ColumnTransformer(twice).fit(text),
      'ColumnTransformer: two results are called "a". Give each column to one step.',
    ],
    [
      "a step without columns",
      () => new ColumnTransformer({ scale: { columns: [], transformer: new StandardScaler() } }),
      'ColumnTransformer: step "scale" has no columns. Name some, or leave the step out.',
    ],
    [
      "text that would pass through",
      () => new ColumnTransformer(steps, { remainder: "passthrough" }).fit(text),
      'ColumnTransformer.fit, remainder: column "b" holds strings, not numbers.',
    ],
    [
      "a type of JSON nobody registered",
      () => transformerFromJSON({ type: "Magic" }),
      'transformerFromJSON: type must be one of ColumnTransformer, OneHotEncoder, StandardScaler, got "Magic".',
    ],
  ];
  it.each(cases)("refuses %s in one sentence", (_, call, message) => {
    expect(call).toThrow(message);
  });
});
