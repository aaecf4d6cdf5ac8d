import { inspect } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { DataError, OptionError, ShapeError } from "../../src/core/errors.js";
import type { Train } from "../../src/core/part.js";
import { datasets } from "../../src/data/datasets.js";
import { Frame } from "../../src/data/frame.js";

const day = new Date("2024-02-29T00:00:00Z");
type City = {
  readonly city: "Oslo" | "Rome" | null;
  readonly people: number | null;
  readonly capital: boolean | null;
  readonly visited: Date | null;
};
const cities: City[] = [
  { city: "Oslo", people: 0.7, capital: true, visited: day },
  { city: "Rome", people: null, capital: true, visited: null },
  { city: null, people: 2.8, capital: false, visited: day },
  { city: "Oslo", people: 0.7, capital: null, visited: day },
];
const frame = Frame.from(cities);

describe("a frame", () => {
  it("gives back the rows it was made of", () => {
    expect(frame.toRows()).toEqual(cities);
    expect([frame.nRows, frame.nColumns, frame.names]).toEqual([4, 4, ["city", "people", "capital", "visited"]]);
  });

  it("counts NaN, undefined and a key that is not there as missing", () => {
    const rows: { a?: number | undefined; b: string }[] = [
      { a: Number.NaN, b: "x" },
      { a: undefined, b: "y" },
      { b: "z" },
    ];
    expect(Frame.from(rows).missing()).toEqual({ a: 3, b: 0 });
  });

  it("keeps each text once and the typed array of numbers as it is", () => {
    const values = Float64Array.of(1, 2);
    const columns = Frame.fromColumns({ values, names: ["b", "b"] });
    expect(columns.column("values").values).toBe(values);
    expect(columns.column("names").categories).toEqual(["b"]);
  });

  it("takes any typed array, and arrays, as columns", () => {
    const columns = Frame.fromColumns({ a: Int8Array.of(1, -1), b: [true, false], c: [day, null] });
    expect(columns.toRows()).toEqual([
      { a: 1, b: true, c: day },
      { a: -1, b: false, c: null },
    ]);
  });

  it("may have no rows", () => {
    const none = frame.filter(() => false);
    expect([none.nRows, none.names.length, none.toRows()]).toEqual([0, 4, []]);
    expect(Frame.from([]).nRows).toBe(0);
  });
});

describe("choosing columns and rows", () => {
  it("select and drop choose columns", () => {
    expect(frame.select("people", "city").names).toEqual(["people", "city"]);
    expect(frame.drop("people", "city").names).toEqual(["capital", "visited"]);
  });

  it("filter hands each row to the callback, and its number", () => {
    expect(frame.filter((row) => row.people === 0.7 && row.city !== null).nRows).toBe(2);
    expect(frame.filter((_, index) => index === 2).toRows()).toEqual([frame.toRows()[2]]);
  });

  it("take repeats and reorders rows", () => {
    expect([...frame.take([2, 0, 2]).column("people")]).toEqual([2.8, 0.7, 2.8]);
  });

  it("head stops at the last row", () => {
    expect([frame.head(2).nRows, frame.head().nRows]).toEqual([2, 4]);
  });

  it("sort puts missing values last in either order and keeps the order of equal ones", () => {
    const numbered = frame.derive({
      index: (row) => (row.capital === null ? 3 : row.city === null ? 2 : row.city === "Rome" ? 1 : 0),
    });
    expect(numbered.sort("people").column("index").toArray()).toEqual([0, 3, 2, 1]);
    expect(numbered.sort("people", "descending").column("index").toArray()).toEqual([2, 0, 3, 1]);
    expect(numbered.sort("city").column("index").toArray()).toEqual([0, 3, 1, 2]);
  });

  it("dropMissing looks at the named columns only, and the types know", () => {
    const people: { city: "Oslo" | "Rome" | null; people: number }[] = frame
      .select("city", "people")
      .dropMissing("people")
      .toRows();
    expect(people.map((row) => row.people)).toEqual([0.7, 2.8, 0.7]);
    expect(frame.dropMissing().nRows).toBe(1);
  });

  it("concat adds rows and joins the categories", () => {
    const more: City[] = [{ city: "Rome", people: 1, capital: false, visited: null }];
    const all = frame.concat(Frame.from(more));
    expect(all.column("city").toArray()).toEqual(["Oslo", "Rome", null, "Oslo", "Rome"]);
    expect(all.column("visited").toArray()).toEqual([day, null, day, day, null]);
    expect(all.nRows).toBe(5);
  });
});

describe("a row in a callback", () => {
  const seen: City[] = [];
  frame.filter((row) => seen.push(row) > 0);

  it("may be kept, printed and written as JSON", () => {
    expect(seen.map(({ people }) => people)).toEqual([0.7, null, 2.8, 0.7]);
    expect(inspect(seen[1])).toBe(inspect(cities[1]));
    expect(JSON.stringify(seen[1])).toBe(JSON.stringify(cities[1]));
  });

  it("can be awaited and has what every object has", async () => {
    expect(await seen[0]).toBe(seen[0]);
    expect(String(seen[0])).toBe("[object Object]");
  });
});

it("console.log prints a frame as its table, not its insides", () => {
  expect(inspect(frame.select("city").head(1))).toBe("Frame 1 x 1\ncity\nstring\nOslo");
  expect(inspect(frame.select("people").head(1).toMatrix())).toBe("Matrix 1 x 1\npeople\n   0.7");
});

describe("computing", () => {
  it("derive adds columns and replaces those of the same name", () => {
    const doubled = frame.derive({ people: (row) => (row.people ?? 0) * 2, big: (row) => (row.people ?? 0) > 1 });
    expect(doubled.names).toEqual(["city", "people", "capital", "visited", "big"]);
    expect(doubled.head(1).toRows()[0]).toMatchObject({ people: 1.4, big: false });
  });

  it("describe equals pandas", () => {
    // pandas 3.1.1: Series([4, 1, 3, 7, None]).describe()
    const [row] = Frame.fromColumns({ a: [4, 1, 3, 7, null] })
      .describe()
      .toRows();
    expect(row).toEqual({
      column: "a",
      type: "number",
      missing: 1,
      unique: 4,
      mean: 3.75,
      std: 2.5,
      min: 1,
      q25: 2.5,
      median: 3.5,
      q75: 4.75,
      max: 7,
    });
  });

  it("describe counts the values of text and leaves out its moments", () => {
    expect(frame.describe().toRows()[0]).toMatchObject({
      column: "city",
      type: "string",
      missing: 1,
      unique: 2,
      mean: null,
      std: null,
    });
  });

  it("valueCounts puts the most frequent value first", () => {
    expect(frame.valueCounts("city").toRows()).toEqual([
      { value: "Oslo", count: 2, share: 2 / 3 },
      { value: "Rome", count: 1, share: 1 / 3 },
    ]);
  });

  it("missing counts by column", () => {
    expect(frame.missing()).toEqual({ city: 1, people: 1, capital: 1, visited: 1 });
  });

  it("toMatrix writes booleans as 1 and 0 and missing values as NaN", () => {
    const matrix = frame.toMatrix("capital", "people");
    expect(matrix.toRows()).toEqual([
      [1, 0.7],
      [1, Number.NaN],
      [0, 2.8],
      [Number.NaN, 0.7],
    ]);
    expect(matrix.names).toEqual(["capital", "people"]);
  });
});

describe("a part of a split", () => {
  it("stays that part whatever is done with it", () => {
    const train = frame.asPart("train");
    const same: Train<Frame>[] = [
      train.select("city"),
      train.drop("city"),
      train.filter(() => true),
      train.sort("city"),
      train.dropMissing(),
      train.derive({ one: () => 1 }),
    ];
    expect(same.map(({ part }) => part)).toEqual(same.map(() => "train"));
    expect(train.select("people").toMatrix().part).toBe("train");
  });

  it("is not another part, for the compiler", () => {
    // @ts-expect-error: a test part is not a train part
    const wrong: Train<Frame> = frame.asPart("test");
    expect(wrong.part).toBe("test");
  });
});

describe("a misspelt column is an error for the compiler and at run time", () => {
  it("in every method", () => {
    const penguins = datasets.penguins();
    const calls: [string, () => unknown][] = [
      // @ts-expect-error
      ["column", () => penguins.column("specis")],
      // @ts-expect-error
      ["select", () => penguins.select("island", "specis")],
      // @ts-expect-error
      ["drop", () => penguins.drop("specis")],
      // @ts-expect-error
      ["sort", () => penguins.sort("specis")],
      // @ts-expect-error
      ["dropMissing", () => penguins.dropMissing("specis")],
      // @ts-expect-error
      ["valueCounts", () => penguins.valueCounts("specis")],
      // @ts-expect-error
      ["toMatrix", () => penguins.toMatrix("specis")],
    ];
    for (const [method, call] of calls) {
      expect(call).toThrow(DataError);
      expect(call).toThrow(`Frame.${method}: no column "specis". Did you mean "species"?`);
    }
  });

  it("in a callback, where JavaScript would say undefined", () => {
    // @ts-expect-error
    expect(() => datasets.penguins().filter((row) => row.bodymass > 4000)).toThrow(
      'Frame row: no column "bodymass". Did you mean "bodyMass"?',
    );
  });

  it("lists the columns when none is near", () => {
    expect(() => datasets.iris().column("colour" as never)).toThrow(
      'Frame.column: no column "colour". The columns are "sepalLength", "sepalWidth", "petalLength", "petalWidth", "species".',
    );
  });
});

describe("what does not fit is refused in one sentence", () => {
  const cases: [string, () => unknown, new () => Error, string][] = [
    [
      "mixed kinds",
      () => Frame.from([{ a: 1 }, { a: "x" as never }]),
      DataError,
      'Frame: column "a" holds numbers, but row 1 holds "x". Make them one kind, or null where a value is missing.',
    ],
    [
      "objects",
      () => Frame.from([{ a: {} as never }]),
      DataError,
      'Frame: column "a" starts with a Object. Columns hold numbers, strings, booleans or dates.',
    ],
    [
      "lengths",
      () => Frame.fromColumns({ a: [1], b: [1, 2] }),
      ShapeError,
      'Frame: column "b" has 2 rows where the first column has 1.',
    ],
    [
      "a row that is not there",
      () => frame.take([0, 4]),
      ShapeError,
      "Frame.take: index 1 is 4, but the frame has rows 0 to 3.",
    ],
    ["a negative head", () => frame.head(-1), OptionError, "Frame.head: n must be an integer from 0, got -1."],
    [
      "an order",
      () => frame.sort("city", "up" as never),
      OptionError,
      'Frame.sort: order must be one of "ascending", "descending", got "up".',
    ],
    [
      "text as numbers",
      () => frame.toMatrix(),
      DataError,
      'Frame.toMatrix: column "city" holds strings. Encode it first (OneHotEncoder), or drop it.',
    ],
    [
      "other kinds below",
      () => (frame as Frame).concat(frame.derive({ people: () => "few" })),
      DataError,
      'Frame.concat: column "people" holds numbers in the first frame and strings in the other.',
    ],
    [
      "other columns below",
      () => (frame as Frame).concat(frame.drop("people")),
      DataError,
      'Frame.concat: no column "people".',
    ],
  ];
  it.each(cases)("%s", (_, call, kind, message) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });
});
