import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { Stops } from "../../kernel/execution/stops.js";

let calls: string[];
let stops: Stops;
const tell = (hint: string) => {
  calls.push(hint.split(",")[0]!);
};

beforeEach(() => {
  jest.useFakeTimers();
  calls = [];
  stops = new Stops({ stop: () => calls.push("stop"), kill: () => calls.push("kill") });
});
afterEach(() => {
  jest.useRealTimers();
});

describe("Stop", () => {
  it("asks first, hints when nothing happens, and ends the process the second time", () => {
    stops.request(1, tell);
    stops.request(1, tell);
    jest.advanceTimersByTime(3000);
    stops.request(1, tell);
    expect(calls).toEqual(["stop", "stop", "Still running", "stop", "kill"]);
  });

  it("of another cell asks again", () => {
    stops.request(1, tell);
    stops.ended(1);
    jest.advanceTimersByTime(5000);
    stops.request(2, tell);
    expect(calls).toEqual(["stop", "stop"]);
  });

  it("holds the next cell back until the process has taken every stop that was sent", async () => {
    expect(stops.settled).toBeUndefined();
    stops.request(undefined, tell);
    stops.request(undefined, tell);
    let settled = false;
    const waiting = stops.settled!.then(() => {
      settled = true;
    });
    stops.takenEffect(1);
    await Promise.resolve();
    expect(settled).toBe(false);
    stops.takenEffect(2);
    await waiting;
    expect(settled).toBe(true);
  });
});
