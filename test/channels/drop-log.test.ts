import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { DropLog } from "../../kernel/channels/drop-log.js";

describe("the log of dropped messages", () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it("tells the first reason at once, and a second later how many there were beside it", () => {
    const lines: string[] = [];
    const log = new DropLog((line) => lines.push(line));
    for (let i = 0; i < 10_000; i++) log.add("a wrong signature");
    expect(lines).toEqual(["dropped a wrong signature"]);
    jest.advanceTimersByTime(1000);
    expect(lines).toEqual(["dropped a wrong signature", "dropped 9999 more messages"]);
    jest.advanceTimersByTime(1000);
    log.add("a message seen before");
    expect(lines[2]).toBe("dropped a message seen before");
  });
});
