import { describe, expect, it, jest } from "@jest/globals";
import { Timer } from "../../src/callbacks/timer.js";
import { bundleOf } from "../../src/output/display.js";
import { scriptedFit } from "./scripted-fit.js";

/** A clock that an epoch of `steps` moves by 10 ms a step and by 100 ms for its validation. */
function clocked() {
  const clock = { ms: 5000 };
  const timer = new Timer(() => clock.ms);
  const moving = (ms: number) => () => {
    clock.ms += ms;
  };
  const before = { onBatchBegin: moving(10) };
  const between = { onValidationBegin: moving(100) };
  return { clock, timer, callbacks: [before, timer, between] };
}

describe("Timer", () => {
  it("measures epochs, their steps, and what is left", async () => {
    jest.spyOn(console, "log").mockImplementation(() => {});
    const { timer, callbacks } = clocked();
    const left: (number | null)[] = [timer.etaSeconds];
    const reader = { onEpochEnd: () => void left.push(timer.etaSeconds) };
    const script = Array.from({ length: 3 }, () => ({ loss: 1 }));
    await scriptedFit([...callbacks, reader], script, { stepsPerEpoch: 20 });
    jest.restoreAllMocks();
    expect(timer.epochs).toEqual(
      [1, 2, 3].map((epoch) => {
        return { epoch, seconds: 0.3, trainSeconds: 0.2, secondsPerStep: 0.01, samplesPerSecond: 50 };
      }),
    );
    expect(left[0]).toBeNull();
    left.slice(1).forEach((seconds, i) => {
      expect(seconds).toBeCloseTo(0.3 * (2 - i), 9);
    });
    expect(timer.seconds).toBeCloseTo(0.9, 9);
    expect(timer.etaSeconds).toBeNull();
    const { "text/plain": text, "text/html": html } = await bundleOf(timer);
    expect(text).toMatch(/^Timer: epoch 3 \/ 3 {2}· {2}1 s {2}· {2}10 ms\/step {2}· {2}50 samples\/s\nepoch +seconds/);
    expect(html).toContain("secondsPerStep");
  });
});
