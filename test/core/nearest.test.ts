import { describe, expect, it } from "@jest/globals";
import { suggest } from "../../src/core/nearest.js";

describe("suggest", () => {
  it("names what a slip of the pen away is, nearest first, whatever the case", () => {
    expect(suggest("BodyMas", ["island", "bodyMask", "bodyMass2", "bodyMass"], "columns")).toBe(
      'Did you mean "bodyMask" or "bodyMass" or "bodyMass2"?',
    );
  });

  it("names what there is otherwise, at most twelve", () => {
    const names = Array.from({ length: 14 }, (_, i) => `c${i}`);
    expect(suggest("height", names, "columns")).toMatch(/^The columns are "c0", .*"c11" and 2 more\.$/);
    expect(suggest("height", [], "columns")).toBe("There are no columns.");
  });
});
