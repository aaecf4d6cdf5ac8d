import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { display } from "../../src/output/display.js";
import { LiveDisplay } from "../../src/output/live-display.js";
import { html, text } from "../../src/output/rich-values.js";

// The output target is never set in this file: it stands for a program that runs in plain Node.
const log = jest.spyOn(console, "log").mockImplementation(() => {});
afterEach(() => {
  log.mockClear();
});

describe("in plain Node", () => {
  it("a shown value is a line of text", () => {
    display(html("<b>bold</b>"));
    display([1, 2]);
    expect(log.mock.calls).toEqual([["<b>bold</b>"], ["[ 1, 2 ]"]]);
  });

  it("a live display prints only its end", () => {
    const live = new LiveDisplay(0);
    live.show(() => text("1"));
    live.show(() => text("2"));
    live.finish(text("done"));
    expect(log.mock.calls).toEqual([["done"]]);
  });
});
