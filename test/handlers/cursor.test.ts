import { describe, expect, it } from "@jest/globals";
import { toCodePoints, toUnits } from "../../kernel/handlers/cursor.js";

describe("a cursor", () => {
  const text = "a\u{1F600}b\u{1F601}";
  it.each([
    [0, 0],
    [1, 1],
    [2, 3],
    [3, 4],
    [4, 6],
  ])("at code point %i is at UTF-16 unit %i", (codePoints, units) => {
    expect(toUnits(text, codePoints)).toBe(units);
    expect(toCodePoints(text, units)).toBe(codePoints);
  });

  it("behind the end stays at the end", () => {
    expect(toUnits("ab", 9)).toBe(2);
  });
});
