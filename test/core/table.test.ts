import { describe, expect, it } from "@jest/globals";
import { escapeHtml, formatCell, formatNumber, htmlTable, textTable } from "../../src/core/table.js";

describe("numbers in tables", () => {
  const cases: [number, string][] = [
    [1 / 3, "0.33333"],
    [123456.789, "123457"],
    [-2.5, "-2.5"],
    [1.25e-9, "1.25e-9"],
    [1e21, "1e+21"],
    [1.23456789e300, "1.2346e+300"],
    [9007199254740991, "9007200000000000"],
    [42, "42"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
  ];
  it.each(cases)("%p is %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe("cells", () => {
  it("are one short line", () => {
    expect(formatCell("a\nb\tc")).toBe("a b c");
    expect(formatCell("x".repeat(50))).toBe(`${"x".repeat(39)}…`);
  });

  it("show a date without the time it does not have", () => {
    expect(formatCell(new Date("2024-02-29T00:00:00Z"))).toBe("2024-02-29");
    expect(formatCell(new Date("2024-02-29T13:05:00Z"))).toBe("2024-02-29 13:05:00");
  });
});

describe("tables", () => {
  it("set numbers to the right and text to the left", () => {
    expect(
      textTable(
        ["name", "n"],
        [
          ["a", 5],
          ["bcdef", 12],
          ["g", null],
        ],
      ),
    ).toBe("name      n\na         5\nbcdef    12\ng      null");
  });

  it("escape every name and value", () => {
    expect(escapeHtml(`<a href="x" id='y'>&`)).toBe("&#60;a href=&#34;x&#34; id=&#39;y&#39;&#62;&#38;");
    expect(htmlTable(["<i>"], [["<b>"]])).not.toMatch(/<[ib]>/);
  });
});
