import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { type OutputTarget, setOutputTarget } from "../../src/output/display.js";
import { LiveDisplay } from "../../src/output/live-display.js";
import { text } from "../../src/output/rich-values.js";

const sent: string[] = [];
const target: OutputTarget = {
  show: (bundle, { displayId, update }) =>
    sent.push(`${update ? "update" : "new"} ${displayId} ${bundle["text/plain"]}`),
  clear() {},
  waitFor() {},
  newId: () => "d1",
  currentCell: () => undefined,
};

beforeEach(() => {
  jest.useFakeTimers();
  sent.length = 0;
  setOutputTarget(target);
});
afterEach(() => {
  jest.useRealTimers();
});

describe("LiveDisplay", () => {
  it("sends the first state at once and then at most one per interval", () => {
    const live = new LiveDisplay(250);
    const clock = jest.spyOn(performance, "now");
    for (let step = 0; step < 1000; step++) {
      clock.mockReturnValue(step); // a synchronous loop: time passes, no timer fires
      live.show(() => text(`step ${step}`));
    }
    clock.mockRestore();
    expect(sent).toEqual(["new d1 step 0", "update d1 step 250", "update d1 step 500", "update d1 step 750"]);
  });

  it("shows the newest state in a pause", () => {
    const live = new LiveDisplay(250);
    live.show(() => text("a"));
    live.show(() => text("b"));
    live.show(() => text("c"));
    jest.advanceTimersByTime(250);
    expect(sent).toEqual(["new d1 a", "update d1 c"]);
    jest.advanceTimersByTime(1000);
    expect(sent).toHaveLength(2);
  });

  it("makes only the states that it sends", () => {
    const make = jest.fn(() => text("x"));
    const live = new LiveDisplay();
    for (let i = 0; i < 10; i++) live.show(make);
    expect(make).toHaveBeenCalledTimes(1);
  });

  it("sends the last state at once, once, and nothing after it", () => {
    const live = new LiveDisplay();
    live.show(() => text("a"));
    live.show(() => text("b"));
    live.finish(text("end"));
    live.finish(text("again"));
    live.show(() => text("late"));
    jest.advanceTimersByTime(1000);
    expect(sent).toEqual(["new d1 a", "update d1 end"]);
  });

  it("refuses an interval that is not a number", () => {
    expect(() => new LiveDisplay(Number.NaN)).toThrow("LiveDisplay: minIntervalMs must be a number from 0, got NaN.");
  });
});
