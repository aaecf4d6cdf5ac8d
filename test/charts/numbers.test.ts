import { describe, expect, it } from "@jest/globals";
import { readableDuration, readableNumber, roundForChart } from "../../src/charts/numbers.js";

describe("numbers in charts", () => {
  it.each([
    [0.123456789, 0.12346],
    [-1234.5678, -1234.6],
    [1234567.89, 1234568],
    [1763900000000, 1763900000000],
    [1e-9 / 3, 3.3333e-10],
  ])("%p is drawn as %p", (value, rounded) => expect(roundForChart(value)).toBe(rounded));

  it.each([
    [0.072811, "0.07281"],
    [1, "1"],
    [0, "0"],
    [45210.3, "45,210"],
    [0.00001, "1e-5"],
    [0.000123, "1.23e-4"],
    [-2.5e12, "-2.5e12"],
    [Number.NaN, "NaN"],
  ])("%p reads as %p", (value, text) => expect(readableNumber(value)).toBe(text));

  it.each([
    [0.2, "< 1 s"],
    [8.4, "8 s"],
    [60, "1 min"],
    [200, "3 min 20 s"],
    [7500, "2 h 5 min"],
  ])("%p seconds read as %p", (seconds, text) => expect(readableDuration(seconds)).toBe(text));
});
