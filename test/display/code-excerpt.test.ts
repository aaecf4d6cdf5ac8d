import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { codeExcerpt, type ExcerptRange } from "../../kernel/display/code-excerpt.js";

const source = "first\n\tsecond(line);\nthird";

function marks(range: ExcerptRange, text = source): string[] {
  return codeExcerpt(text, range, 0).map((line) => stripVTControlCharacters(line));
}

describe("an excerpt", () => {
  it.each<[string, ExcerptRange, string]>([
    ["has a caret under a place", { line: 2, column: 2 }, "    | \t^"],
    ["underlines a range", { line: 2, column: 2, endLine: 2, endColumn: 8 }, "    | \t~~~~~~"],
    ["has a caret under one character", { line: 2, column: 2, endLine: 2, endColumn: 3 }, "    | \t^"],
    ["has a caret under nothing", { line: 2, column: 2, endLine: 2, endColumn: 2 }, "    | \t^"],
    [
      "underlines a longer range to the end of its line",
      { line: 2, column: 9, endLine: 3, endColumn: 2 },
      "    | \t       ~~~~~~",
    ],
  ])("%s", (_, range, mark) => {
    expect(marks(range)).toEqual(["> 2 | \tsecond(line);", mark]);
  });

  it("shows no more of a long line than fits, nor of its mark", () => {
    const [line, mark] = marks({ line: 1, column: 150, endLine: 1, endColumn: 400 }, "x".repeat(500));
    expect(line).toBe(`> 1 | ${"x".repeat(160)}...`);
    expect(mark).toBe(`    | ${" ".repeat(149)}${"~".repeat(11)}`);
    expect(marks({ line: 1, column: 300 }, "x".repeat(500))).toHaveLength(1);
  });

  it("of a line that is not there is empty", () => {
    expect(marks({ line: 9, column: 1 })).toEqual([]);
  });
});
