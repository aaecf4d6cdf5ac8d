import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { diagnosticsReport } from "../../kernel/display/diagnostics-report.js";
import { Session } from "./session.js";

let session: Session;
beforeAll(() => {
  session = new Session();
});
afterAll(() => session.end());

describe("what to do about an error", () => {
  it.each([
    ["({ shape: 1 }).shap", "change spelling to 'shape'"],
    ['import { readFil } from "node:fs"', "change spelling to 'readFile'"],
    ["class Own { size = 1; grow() { return size } }", "change spelling to 'this.size'"],
    ["const list = (async () => [1])(); list.map(String)", "add 'await'"],
    ["const n: number = (async () => 1)()", "add 'await'"],
    ["const round = (n: number) => n; round((async () => 1)())", "add 'await'"],
    ["class Made {}; Made()", "include 'new'"],
    ["function late() { await 1 }", "mark this function as 'async'"],
    ['import pad from "left-pad"; pad', "%install left-pad"],
    ['import type { X } from "@some/types/deep"; let x: X', "%install @some/types"],
    ['import local from "./not-there"; local', undefined],
    ["const n: number = 'text'", undefined],
    ["document.title", undefined],
    ["describe('a')", undefined],
  ])("%s", async (code, fix) => {
    const [first] = await session.language.check({ id: "advice", code, name: "Cell[1]" });
    expect(first?.fix).toBe(fix);
  });
});

describe("the report of a cell", () => {
  it("has message, place, the marked code and the fix", async () => {
    const code = "const tall = 1;\nconst row = { height: 2 };\nrow.heigth + tall";
    const errors = await session.language.check({ id: "report", code, name: "Cell[4]" });
    const plain = diagnosticsReport(errors, code, "Cell[4]").map((line) => stripVTControlCharacters(line));
    expect(plain).toEqual([
      "TS2551 Property 'heigth' does not exist on type '{ height: number; }'. (Cell[4]:3:5)",
      "> 3 | row.heigth + tall",
      "    |     ~~~~~~",
      "    Fix: change spelling to 'height'",
    ]);
  });
});
