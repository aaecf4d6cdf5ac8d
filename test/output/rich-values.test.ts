import { describe, expect, it } from "@jest/globals";
import type { Displayable } from "../../src/output/mime.js";
import { displaySymbol } from "../../src/output/mime.js";
import { html, jpeg, json, latex, markdown, png, svg, text } from "../../src/output/rich-values.js";

const bundle = (value: Displayable) => value[displaySymbol]();
const pngStart = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d);

describe("rich values", () => {
  it.each([
    ["html", html("<i>x</i>"), { "text/html": "<i>x</i>", "text/plain": "<i>x</i>" }],
    ["markdown", markdown("# x"), { "text/markdown": "# x", "text/plain": "# x" }],
    ["a formula without marks", latex("x^2"), { "text/latex": "$\\displaystyle x^2$", "text/plain": "x^2" }],
    ["a formula with marks", latex("so $x^2$"), { "text/latex": "so $x^2$", "text/plain": "so $x^2$" }],
    ["svg", svg("<svg/>"), { "image/svg+xml": "<svg/>", "text/plain": "SVG picture, 6 bytes" }],
    ["png", png(pngStart), { "image/png": pngStart, "text/plain": "PNG picture, 5 bytes" }],
    ["json", json({ a: [1] }), { "application/json": { a: [1] }, "text/plain": "{ a: [ 1 ] }" }],
    ["text", text("plain"), { "text/plain": "plain" }],
    ["text of another value", text({ a: 1 }), { "text/plain": "{ a: 1 }" }],
  ])("%s has its MIME type and text", (_name, value, expected) => {
    expect(bundle(value)).toEqual(expected);
  });

  it.each([
    [() => jpeg(pngStart), "jpeg: expected the bytes of a JPEG file (a Uint8Array), got other data."],
    [() => html(7 as unknown as string), "html: expected text, got a value of type number."],
    [() => markdown(null as unknown as string), "markdown: expected text, got null."],
    [() => svg("<p>"), "svg: expected the text of an SVG document with an <svg> element, got none."],
  ])("wrong data is one sentence (%#)", (make, message) => {
    expect(make).toThrow(message);
  });
});
