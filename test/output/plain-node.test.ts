import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { comms } from "../../src/output/comm.js";
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

  it("a comm is closed from the start, and what is sent goes nowhere", () => {
    comms.register("theirs", () => {});
    const comm = comms.open("mine", { data: { a: 1 } });
    comm.onMessage(() => {});
    comm.send({ b: 2 }, { buffers: [Uint8Array.of(1)] });
    comm.close();
    expect(comm.isOpen).toBe(false);
    expect(() => comm.send(5 as never)).toThrow("Comm.send: data must be an object");
    expect(log.mock.calls).toEqual([]);
  });
});
