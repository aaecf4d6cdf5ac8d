import { describe, expect, it } from "@jest/globals";
import { isAtLeast } from "../../kernel/commands/version.js";

describe("a version", () => {
  it.each([
    ["4.6.6", "4.6", true],
    ["4.10.0", "4.6", true],
    ["5", "4.6", true],
    ["4.6", "4.6.0", true],
    ["4.6.0rc1", "4.6", true],
    ["4.5.9", "4.6", false],
    ["3.9", "3.10", false],
    ["4", "4.6", false],
    ["unknown", "4.6", false],
  ])("%s is at least %s: %s", (version, needed, expected) => {
    expect(isAtLeast(version, needed)).toBe(expected);
  });
});
