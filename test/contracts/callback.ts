import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { Callback, Metrics } from "../../src/callbacks/callback.js";
import { OptionError } from "../../src/core/errors.js";
import { type ScriptedFitOptions, scriptedFit } from "../callbacks/scripted-fit.js";

export interface CallbackCase {
  /** What else the callback did, such as the text of the file that it wrote. */
  readonly outcome?: (callback: Callback) => unknown;
  readonly options?: ScriptedFitOptions;
}

const hooks = [
  "onTrainBegin",
  "onEpochBegin",
  "onBatchBegin",
  "onBatchEnd",
  "onValidationBegin",
  "onEpochEnd",
  "onException",
  "onTrainEnd",
] as const;

/** Four epochs down, then up. */
const losses = [4, 3, 2, 1, 2, 3, 4, 5];
const script: Metrics[] = losses.map((loss) => {
  return { loss, accuracy: 1 / loss, val_loss: loss + 0.5, val_accuracy: 1 / (loss + 1) };
});

/** Every callback passes this, ours and the user's. @param make - Gives a new one, always the same. */
export function callbackContract(name: string, make: () => Callback, testCase: CallbackCase = {}): void {
  const { options = {}, outcome = () => null } = testCase;
  const play = (callback: Callback, more: ScriptedFitOptions = {}) =>
    scriptedFit([callback], script, { stepsPerEpoch: 3, ...options, ...more });
  /** What a run came to, without wall times. */
  const resultOf = async (callback: Callback, more?: ScriptedFitOptions) => {
    const { epochs, reason, log, rates, checkpoints, weight, stillKept } = await play(callback, more);
    const weights = Array.from(weight);
    return { epochs, reason, log, rates, checkpoints, weights, stillKept, outcome: await outcome(callback) };
  };

  describe(`${name} keeps the callback contract`, () => {
    beforeEach(() => {
      jest.spyOn(console, "log").mockImplementation(() => {});
    });
    afterEach(() => {
      jest.restoreAllMocks();
    });
    const warnings = () => {
      const lines: string[] = [];
      jest.spyOn(console, "warn").mockImplementation((line) => void lines.push(String(line)));
      return lines;
    };

    it("follows a run to its end, whatever ends it, and keeps nothing", async () => {
      const lines = warnings();
      for (const status of ["completed", "stopped", "interrupted", "diverged"] as const) {
        expect((await play(make(), { status })).stillKept).toBe(0);
      }
      expect((await play(make(), { error: new Error("no such column") })).stillKept).toBe(0);
      expect(lines).toEqual([]);
    });

    it("is called by its name, and what it costs is measured", async () => {
      const callback = make();
      const { costs } = await play(callback);
      expect(costs).toEqual([{ name, seconds: expect.any(Number), calls: expect.any(Number) }]);
      expect(costs[0]!.calls).toBeGreaterThan(0);
    });

    it("one object serves two runs, the second as the first", async () => {
      const callback = make();
      const first = await resultOf(callback);
      expect(await resultOf(callback)).toEqual(first);
    });

    it("goes on after a break with its state from JSON as if there had been none", async () => {
      const whole = await resultOf(make());
      for (const killAfter of [1, 4]) {
        const broken = await play(make(), { killAfter });
        const { states, weight } = broken;
        const rest = await resultOf(make(), { from: killAfter, states, weight, learningRate: broken.rates.at(-1)! });
        const { rates, checkpoints, log, ...end } = whole;
        expect({ ...rest, rates: undefined, checkpoints: undefined, log: undefined }).toEqual(end);
        expect([...broken.rates, ...rest.rates]).toEqual(rates);
        expect([...broken.checkpoints, ...rest.checkpoints]).toEqual(checkpoints);
        expect([...broken.log, ...rest.log]).toEqual(log);
      }
    });

    it.each(hooks)("an error in %s is said in one line, and the run goes on without it", async (hook) => {
      const callback = make();
      Object.defineProperty(callback, hook, {
        value: () => {
          throw new Error("disk full");
        },
      });
      const lines = warnings();
      const heard: number[] = [];
      const other: Callback = { onEpochEnd: ({ index }) => void heard.push(index) };
      const error = new Error("no such column");
      const { epochs } = await scriptedFit([callback, other], script, { stepsPerEpoch: 3, ...options, error });
      expect(heard).toHaveLength(epochs);
      expect(lines).toEqual([expect.stringMatching(new RegExp(`^${name}: ${hook} failed at .*disk full$`))]);
    });

    it("an OptionError of onTrainBegin ends the run before anything is trained", async () => {
      const callback = make();
      const refuse = () => {
        throw new OptionError("no such folder");
      };
      Object.defineProperty(callback, "onTrainBegin", { value: refuse });
      await expect(play(callback)).rejects.toThrow("no such folder");
    });
  });
}
