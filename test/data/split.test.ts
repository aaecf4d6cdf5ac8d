import { describe, expect, it } from "@jest/globals";
import { DataError, OptionError } from "../../src/core/errors.js";
import type { Test, Train, Validation } from "../../src/core/part.js";
import { RandomStream } from "../../src/core/random.js";
import { datasets } from "../../src/data/datasets.js";
import { Frame } from "../../src/data/frame.js";
import { split } from "../../src/data/split.js";

const numbered = (n: number) => Frame.fromColumns({ row: Float64Array.from({ length: n }, (_, i) => i) });
const rowsOf = (frame: Frame<{ row: number }>) => [...frame.column("row").values];

describe("split", () => {
  it("puts every row in exactly one part, shuffled, with the sizes asked for", () => {
    const parts = split(numbered(50), { test: 0.3, validation: 0.1, seed: 3 });
    expect([parts.train.nRows, parts.validation.nRows, parts.test.nRows]).toEqual([30, 5, 15]);
    const all = [parts.train, parts.validation, parts.test].flatMap(rowsOf);
    expect([...all].sort((a, b) => a - b)).toEqual(rowsOf(numbered(50)));
    expect(rowsOf(parts.train)).not.toEqual([...rowsOf(parts.train)].sort((a, b) => a - b));
  });

  it("gives the same rows for the same seed in every process, others for another", () => {
    // Written down from the first run: a change here breaks every saved experiment.
    expect(rowsOf(split(numbered(20), { seed: 7 }).test)).toEqual(expectedTestRows);
    expect(rowsOf(split(numbered(20), { seed: 8 }).test)).not.toEqual(expectedTestRows);
  });

  it("marks the parts, for the compiler too", () => {
    const parts = split(numbered(10));
    const train: Train<Frame> = parts.train;
    const validation: Validation<Frame> = parts.validation;
    const test: Test<Frame> = parts.test;
    expect([train.part, validation.part, test.part]).toEqual(["train", "validation", "test"]);
  });

  it("may leave a part out", () => {
    const parts = split(numbered(10), { validation: 0 });
    expect([parts.train.nRows, parts.validation.nRows, parts.test.nRows]).toEqual([8, 0, 2]);
  });

  it("gives each part its share of each class, to within one row, for any classes and shares", () => {
    const random = RandomStream.of(1, "test");
    for (let round = 0; round < 300; round++) {
      const nClasses = 1 + random.integer(8);
      const classes = Array.from({ length: nClasses }, () => 3 + random.integer(30)).flatMap((count, i) =>
        new Array<string>(count).fill(`c${i}`),
      );
      const frame = Frame.fromColumns({ y: classes });
      const [test, validation] = [0.05 + random.uniform() * 0.4, 0.05 + random.uniform() * 0.4];
      if (Math.round(classes.length * test) === 0 || Math.round(classes.length * validation) === 0) continue;
      const parts = Object.values(split(frame, { test, validation, stratify: "y", seed: round })) as Frame<{
        y: string;
      }>[];
      expect(parts.reduce((sum, part) => sum + part.nRows, 0)).toBe(classes.length);
      expect(parts[2]!.nRows).toBe(Math.round(classes.length * test));
      for (const { value, count } of frame.valueCounts("y")) {
        for (const part of parts) {
          const got = part.filter(({ y }) => y === value).nRows;
          expect(Math.abs(got - (count * part.nRows) / classes.length)).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  it("stratifies by numbers and booleans as well", () => {
    const { test } = split(datasets.digits().select("digit"), { stratify: "digit" });
    for (const { count } of test.valueCounts("digit")) expect(Math.abs(count - 36)).toBeLessThanOrEqual(2);
  });

  const penguins = datasets.penguins();
  const cases: [string, () => unknown, new () => Error, string][] = [
    [
      "a percentage",
      () => split(penguins, { test: 20 }),
      OptionError,
      "split: test must be a number from 0 and below 1, got 20. It is a share of the rows, such as 0.2.",
    ],
    [
      "a negative share",
      () => split(penguins, { validation: -0.1 }),
      OptionError,
      "split: validation must be a number from 0 and below 1, got -0.1.",
    ],
    [
      "nothing to train on",
      () => split(penguins, { test: 0.6, validation: 0.4 }),
      OptionError,
      "split: test + validation must be below 1, so that rows to train on are left, got 0.6 + 0.4.",
    ],
    [
      "a part without rows",
      () => split(penguins.head(2)),
      OptionError,
      "split: the validation part would have no rows out of 2. Use more rows or other shares.",
    ],
    [
      "a seed that is none",
      () => split(penguins, { seed: 0.5 }),
      OptionError,
      "split: seed must be an integer, got 0.5.",
    ],
    [
      "a column that is not there",
      () => split(penguins, { stratify: "specie" as never }),
      DataError,
      'split: no column "specie". Did you mean "species"?',
    ],
    [
      "missing classes",
      () => split(penguins, { stratify: "sex" }),
      DataError,
      'split: stratify column "sex" has 11 missing values. Drop them first: frame.dropMissing("sex").',
    ],
    [
      "a class too small",
      () => split(Frame.fromColumns({ y: ["a", "a", "a", "a", "b", "b"] }), { stratify: "y" }),
      DataError,
      'split: class "b" has too few rows (2) to be in each of 3 parts. Leave it out, or do not stratify.',
    ],
    [
      "a part",
      () => split(split(penguins).train),
      DataError,
      "split: these rows are already the train part of a split. Split all rows in one call.",
    ],
  ];
  it.each(cases)("refuses %s in one sentence", (_, call, kind, message) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });
});

const expectedTestRows = [2, 5, 14, 11];
