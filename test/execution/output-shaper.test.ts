import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { OutputShaper } from "../../kernel/execution/output-shaper.js";
import type { Outgoing } from "../../kernel/protocol/message.js";

const parent = "{}";
let sent: Outgoing[];
let shaper: OutputShaper;

beforeEach(() => {
  jest.useFakeTimers();
  sent = [];
  shaper = new OutputShaper(parent, (message) => sent.push(message));
});
afterEach(() => {
  jest.useRealTimers();
});

describe("the output of a cell", () => {
  it("joins neighbouring text of one stream, and keeps the order of streams and displays", () => {
    shaper.text("stdout", "a");
    shaper.text("stdout", "b");
    shaper.text("stderr", "c");
    shaper.text("stdout", "d");
    shaper.send({ type: "display_data", content: { x: 1 } });
    shaper.flush();
    expect(sent.map(({ content }) => content)).toEqual([
      { name: "stdout", text: "ab" },
      { name: "stderr", text: "c" },
      { name: "stdout", text: "d" },
      { x: 1 },
    ]);
  });

  it("comes by itself after a moment", () => {
    shaper.text("stdout", "a");
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(50);
    expect(sent).toHaveLength(1);
  });

  it("keeps the newest update of each display", () => {
    for (let i = 0; i < 5; i++) shaper.update("p", { type: "update_display_data", content: { i } });
    shaper.update("q", { type: "update_display_data", content: { q: 1 } });
    shaper.flush();
    expect(sent.map(({ content }) => content)).toEqual([{ i: 4 }, { q: 1 }]);
  });

  it("splits a flood into messages of a bearable size", () => {
    for (let i = 0; i < 30; i++) shaper.text("stdout", "x".repeat(100_000));
    shaper.flush();
    const sizes = sent.map(({ content }) => (content as { text: string }).text.length);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(3_000_000);
    expect(Math.max(...sizes)).toBeLessThan(700_000);
  });
});
