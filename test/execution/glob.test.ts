import { describe, expect, it } from "@jest/globals";
import { matchesGlob } from "../../kernel/execution/glob.js";

describe("a glob", () => {
  it.each([
    ["abc", "abc", true],
    ["abc", "ab", false],
    ["abc", "a*", true],
    ["abc", "*c", true],
    ["abc", "*b*", true],
    ["abc", "a?c", true],
    ["abc", "a?", false],
    ["a\nb", "a*b", true],
    ["a.b", "a.b", true],
    ["axb", "a.b", false],
    ["abab", "*ab", true],
    ["", "", true],
    ["", "*", true],
    ["", "?", false],
    ["a[1]", "a[1]", true],
  ])("%j against %j: %s", (text, pattern, matches) => {
    expect(matchesGlob(text, pattern)).toBe(matches);
  });

  it("with many stars is decided at once", () => {
    expect(matchesGlob("a".repeat(5000), `${"*a".repeat(500)}*b`)).toBe(false);
  });
});
