import { describe, expect, it } from "@jest/globals";
import { Frame } from "../../src/data/frame.js";
import { displaySymbol } from "../../src/output/mime.js";

const show = (frame: Frame) => {
  const bundle = frame[displaySymbol]();
  return { text: String(bundle["text/plain"]), html: String(bundle["text/html"]) };
};

describe("a frame shows itself", () => {
  it("as text: shape, types, share of missing values, first rows", () => {
    const frame = Frame.from([
      { city: "Oslo", people: 0.7123456 },
      { city: "Rome", people: null },
    ]);
    expect(show(frame.asPart("train")).text.split("\n")).toEqual([
      "Frame 2 x 2, train part",
      "city              people",
      "string  number, 50% null",
      "Oslo             0.71235",
      "Rome                null",
    ]);
  });

  it("in short, however large it is", () => {
    const wide = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`c${i}`, new Float64Array(20_000)]));
    const { text, html } = show(Frame.fromColumns(wide));
    expect(text).toContain("Frame 20000 x 40");
    expect(text).toContain("… 19992 more rows and 10 more columns");
    expect(html.match(/<tr>/g)).toHaveLength(9);
    expect(html.length).toBeLessThan(40_000);
  });

  it("with a bar for each frequent text, the tallest full", () => {
    const { html } = show(Frame.from([{ a: "x" }, { a: "x" }, { a: "y" }]));
    expect(html).toMatch(/title="x: 2"[^>]*height:100%/);
    expect(html).toMatch(/title="y: 1"[^>]*height:50%/);
  });

  it("with a histogram of numbers that leaves out missing and infinite ones", () => {
    const { html } = show(Frame.fromColumns({ a: [0, 0, 12, null, Number.POSITIVE_INFINITY] }));
    expect(html).toMatch(/title="0 to 1: 2"[^>]*height:100%/);
    expect(html).toMatch(/title="11 to 12: 1"[^>]*height:50%/);
  });

  it("without letting names or values be markup", () => {
    const attack = `<img src=x onerror="alert('1')">`;
    const { html } = show(Frame.from([{ [attack]: attack }, { [attack]: "</td><script>" }]));
    expect(html).not.toContain("<img");
    expect(html).not.toContain("<script");
    expect(html).not.toMatch(/onerror="/);
  });

  it("with a share of missing values that is never rounded to none", () => {
    const { text, html } = show(Frame.fromColumns({ a: [null, ...new Float64Array(5000)] }));
    expect(text).toContain("number, <0.1% null");
    expect(html).toContain("number, &#60;0.1% null");
  });

  it("when it is empty, constant or all missing", () => {
    for (const frame of [
      Frame.from([]),
      Frame.fromColumns({ a: [7, 7] }),
      Frame.fromColumns({ a: [null], b: [true] }),
    ]) {
      const { text, html } = show(frame);
      expect(`${text}${html}`).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});
