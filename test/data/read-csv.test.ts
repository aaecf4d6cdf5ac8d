import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "@jest/globals";
import { DataError } from "../../src/core/errors.js";
import { readCsv } from "../../src/data/read-csv.js";

const folder = mkdtempSync(join(tmpdir(), "etude-csv-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe("readCsv", () => {
  it("infers numbers, booleans, dates and text, and sees missing values", async () => {
    const path = file(
      "it's.csv",
      'id,x,ok,day,at,name,none\n1,2.5,true,2024-02-29,2024-01-02 03:04:05,"a, ""b""",\n2,NA,,,,,\n3,-1e3,false,2024-03-01,2024-01-02 03:04:05.123,Å,\n',
    );
    expect((await readCsv(path)).toRows()).toEqual([
      {
        id: 1,
        x: 2.5,
        ok: true,
        day: new Date("2024-02-29"),
        at: new Date("2024-01-02T03:04:05Z"),
        name: 'a, "b"',
        none: null,
      },
      { id: 2, x: null, ok: null, day: null, at: null, name: null, none: null },
      {
        id: 3,
        x: -1000,
        ok: false,
        day: new Date("2024-03-01"),
        at: new Date("2024-01-02T03:04:05.123Z"),
        name: "Å",
        none: null,
      },
    ]);
  });

  it("infers from the last row too", async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => i).join("\n");
    const frame = await readCsv(file("late.csv", `a\n${rows}\nunknown\n`));
    expect([frame.column("a").kind, frame.nRows]).toEqual(["string", 30_001]);
  });

  it("keeps integers that numbers cannot hold as text", async () => {
    const frame = await readCsv(file("big.csv", "id,n\n9007199254740993,9007199254740991\n1,2\n"));
    expect(frame.toRows()[0]).toEqual({ id: "9007199254740993", n: 9007199254740991 });
  });

  it("reads tabs, other delimiters, other missing words and .gz", async () => {
    expect((await readCsv(file("t.tsv", "a\tb\n1\t2\n"))).toRows()).toEqual([{ a: 1, b: 2 }]);
    expect((await readCsv(file("s.csv", "a;b\n1;-9\n"), { delimiter: ";", missing: ["-9"] })).toRows()).toEqual([
      { a: 1, b: null },
    ]);
    expect((await readCsv(file("z.csv.gz", gzipSync("a,b\n1,2\n")))).toRows()).toEqual([{ a: 1, b: 2 }]);
  });

  it("reads the file of just that name, whatever is in it", async () => {
    file("part1.csv", "a\n1\n");
    const path = file("part[1]*.csv", 'a,"b ""c"""\n2,3\n');
    expect((await readCsv(path)).toRows()).toEqual([{ a: 2, 'b "c"': 3 }]);
  });

  it("gives a frame without rows for a header alone", async () => {
    const frame = await readCsv(file("header.csv", "a,b\n"));
    expect([frame.nRows, frame.names]).toEqual([0, ["a", "b"]]);
  });

  it("has the types it is told", async () => {
    const frame = await readCsv<{ a: number }>(file("typed.csv", "a\n1\n"));
    const values: Float64Array = frame.column("a").values;
    expect(values[0]).toBe(1);
  });

  mkdirSync(join(folder, "inner"));
  const cases: [string, () => string, string][] = [
    [
      "a misspelt name",
      () => file("houses.csv", "a\n1\n").replace("houses", "house"),
      `in ${folder}. Did you mean "houses.csv"?`,
    ],
    [
      "a folder that is not there",
      () => join(folder, "none", "a.csv"),
      `there is no folder ${join(folder, "none")}, looked for from ${process.cwd()}.`,
    ],
    ["a folder", () => join(folder, "inner"), "is a folder. Name a file in it."],
    ["an empty file", () => file("empty.csv", ""), "is empty."],
    [
      "rows of different lengths",
      () => file("ragged.csv", "a,b\n1,2\n3\n4,5,6\n"),
      'is no table of values between ",": its rows have different lengths, or a quote stays open.',
    ],
    [
      "bytes that are no text",
      () => file("bytes.csv", Uint8Array.of(0xff, 0xfe, 0, 1, 10, 200)),
      "line 1: Invalid unicode",
    ],
  ];
  it.each(cases)("refuses %s in one sentence with its path", async (_, make, message) => {
    const path = make();
    const error = await readCsv(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).toContain(JSON.stringify(path).slice(0, 60));
    expect((error as Error).message).not.toContain("\n");
  });
});
