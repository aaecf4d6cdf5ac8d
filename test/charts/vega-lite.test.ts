import { describe, expect, it } from "@jest/globals";
import { vegaLite } from "../../src/charts/vega-lite.js";
import { displaySymbol } from "../../src/output/mime.js";

const spec = {
  title: "Heights",
  data: {
    values: [
      { a: "x", b: 1.23456789 },
      { a: "y", b: 12 },
    ],
  },
  mark: "bar",
  encoding: { x: { field: "a", type: "nominal" }, y: { field: "b", type: "quantitative" } },
};

describe("vegaLite", () => {
  it("shows itself as Vega-Lite 5, picture and text, and never as HTML", () => {
    const bundle = vegaLite(spec)[displaySymbol]();
    expect(Object.keys(bundle).sort()).toEqual(["application/vnd.vegalite.v5+json", "image/png", "text/plain"]);
    expect(bundle).toMatchObject({ "text/plain": "Heights, bar chart", "image/png": expect.any(Uint8Array) });
  });

  it("adds the schema and a size, rounds the data, and leaves the background and the rest alone", () => {
    const chart = vegaLite(spec).spec;
    expect(chart).toMatchObject({
      $schema: "https://vega.github.io/schema/vega-lite/v5.json",
      width: 420,
      height: 260,
      data: {
        values: [
          { a: "x", b: 1.2346 },
          { a: "y", b: 12 },
        ],
      },
      encoding: spec.encoding,
    });
    expect(chart).not.toHaveProperty("background");
    expect(vegaLite({ ...spec, width: 80 }).spec.width).toBe(80);
    expect(spec.data.values[0]!.b).toBe(1.23456789);
  });

  it.each([
    [
      { $schema: "https://vega.github.io/schema/vega-lite/v6.json", mark: "bar" },
      /^vegaLite: \$schema must be .*v5\.json" or left out, got .*v6\.json"\. JupyterLab draws Vega-Lite 5\.$/,
    ],
    [{ $schema: "https://vega.github.io/schema/vega/v5.json" }, /\$schema must be/],
    [{ nothing: 1 }, /^vegaLite: this is not a Vega-Lite 5 specification: Invalid specification/],
    ["bar", /^vegaLite: spec must be an object in the grammar of Vega-Lite 5, got "bar"\.$/],
    [
      { data: { values: new Array(5001).fill({ a: 1 }) }, mark: "point" },
      /^vegaLite: data\.values has 5001 rows, more than 5000/,
    ],
  ])("a wrong specification is one sentence (%#)", (wrong, message) => {
    expect(() => vegaLite(wrong as never)).toThrow(message);
  });

  it("takes a minor version of the schema", () => {
    const $schema = "https://vega.github.io/schema/vega-lite/v5.6.1.json";
    expect(vegaLite({ ...spec, $schema }).spec.$schema).toBe($schema);
  });
});
