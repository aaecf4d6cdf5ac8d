import { beforeEach, describe, expect, it } from "@jest/globals";
import { RateWindow } from "../../kernel/execution/rate-window.js";

let now: number;
let rate: RateWindow;
beforeEach(() => {
  now = 0;
  rate = new RateWindow(() => now);
});

/** Sends as soon as it is admitted, again and again, and returns when: one time for each message. */
function sentAt(type: string, bytes: number, untilMs: number, isLast = false): number[] {
  const times: number[] = [];
  while (now < untilMs) {
    const wait = rate.admit(type, bytes, isLast);
    if (wait === 0) times.push(now);
    else now += wait;
  }
  return times;
}

/** The most that any window holds, by default one of 3 s as in jupyter_server 2.21. */
function most(times: readonly number[], windowMs = 3000): number {
  let first = 0;
  let most = 0;
  times.forEach((at, i) => {
    while (times[first]! + windowMs <= at) first++;
    most = Math.max(most, i - first + 1);
  });
  return most;
}

describe("what a kernel may send", () => {
  it.each([1_000, 100_000, 700_000])("is at most 2.4 MB of streams in 3 s, in messages of %i bytes", (bytes) => {
    const times = sentAt("stream", bytes, 20_000);
    expect(most(times) * bytes).toBeLessThanOrEqual(2_400_000);
    expect(times.length * bytes).toBeGreaterThan(9_000_000);
  });

  it.each(["display_data", "update_display_data", "clear_output", "error", "comm_msg"])(
    "is well under 3000 messages in 3 s: %s",
    (type) => {
      const times = sentAt(type, 1_000_000, 7_000);
      expect(most(times)).toBeLessThanOrEqual(2400);
      expect(times.length).toBeGreaterThan(5000);
    },
  );

  it("is below the limits of a server that reads up to a second late", () => {
    expect(most(sentAt("stream", 1_000, 20_000), 4000) * 1_000).toBeLessThan(3_000_000);
    rate.reset();
    expect(most(sentAt("display_data", 0, 40_000), 4000)).toBeLessThan(3000);
  });

  it.each(["status", "comm_open", "execute_input"])("is any number of %s", (type) => {
    for (let i = 0; i < 10_000; i++) expect(rate.admit(type, 0, false)).toBe(0);
    expect(rate.admit("stream", 2_000_000, false)).toBe(0);
  });

  it("always has room for what ends a cell", () => {
    while (rate.admit("stream", 50_000, false) === 0);
    expect(rate.admit("stream", 150_000, true)).toBe(0);
    while (rate.admit("display_data", 0, false) === 0);
    expect(rate.admit("error", 0, true)).toBe(0);
  });

  it("is again as much after a reset", () => {
    expect(rate.admit("stream", 2_000_000, false)).toBe(0);
    expect(rate.admit("stream", 2_000_000, false)).toBe(4300);
    rate.reset();
    expect(rate.admit("stream", 2_000_000, false)).toBe(0);
  });

  it("includes a message that is larger than any window, alone", () => {
    expect(rate.admit("stream", 5_000_000, false)).toBe(0);
    expect(rate.admit("stream", 1, false)).toBe(4300);
  });
});
