import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { Callback } from "../../src/callbacks/callback.js";
import { CallbackList } from "../../src/callbacks/callback-list.js";
import { OptionError } from "../../src/core/errors.js";
import type { JsonValue } from "../../src/core/json.js";
import { scriptedFit } from "./scripted-fit.js";

const script = [{ loss: 3 }, { loss: 2 }, { loss: 1 }];

describe("the callbacks of a run", () => {
  let warnings: unknown[][];
  beforeEach(() => {
    warnings = [];
    jest.spyOn(console, "warn").mockImplementation((...values) => {
      warnings.push(values);
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it("are called in the order in which training goes on, each with its place in the tree of tasks", async () => {
    const log: string[] = [];
    await scriptedFit(
      [
        {
          onTrainBegin: (fit) => void log.push(`begin ${fit.name}`),
          onEpochBegin: (epoch) => void log.push(`epoch ${epoch.index} of ${epoch.parent?.total}`),
          onBatchEnd: (batch, { loss }) => void log.push(`batch of ${batch.parent?.name}, loss ${loss}`),
          onEpochEnd: (epoch, { loss }) => void log.push(`end of ${epoch.index}, loss ${loss}`),
          onTrainEnd: (_, { status, metrics }) => void log.push(`${status}, loss ${metrics.loss}`),
        },
      ],
      script.slice(0, 1),
    );
    expect(log).toEqual([
      "begin scripted",
      "epoch 0 of 1",
      "batch of epoch, loss 3",
      "end of 0, loss 3",
      "completed, loss 3",
    ]);
  });

  it('"stop" ends the run and says who did it; a reason of its own is passed on', async () => {
    class Budget implements Callback {
      onEpochEnd() {
        return "stop" as const;
      }
    }
    expect(await scriptedFit([new Budget()], script)).toMatchObject({ epochs: 1, reason: "Budget said stop." });
    const plain = await scriptedFit([{ onEpochEnd: () => ({ stop: "Enough learned." }) }], script);
    expect(plain.reason).toBe("Enough learned.");
    expect((await scriptedFit([{ onEpochEnd: async () => "stop" as const }], script)).reason).toBe(
      "A callback said stop.",
    );
  });

  it("one that throws is reported once, training goes on, and the others hear of everything", async () => {
    const heard: number[] = [];
    const broken: Callback = {
      onEpochEnd() {
        throw new Error("disk full");
      },
    };
    const { epochs } = await scriptedFit([broken, { onEpochEnd: ({ index }) => void heard.push(index) }], script);
    expect(epochs).toBe(3);
    expect(heard).toEqual([0, 1, 2]);
    expect(warnings).toEqual([[expect.stringMatching(/^A callback: onEpochEnd failed at .*disk full$/)]]);
  });

  it("one that refuses the run ends it before anything is trained, and those that had begun hear it", async () => {
    const heard: string[] = [];
    const first: Callback = {
      onException: (_, error) => void heard.push(String(error)),
      onTrainEnd: (_, { status }) => void heard.push(status),
    };
    const broken: Callback = {
      onTrainBegin() {
        throw new OptionError("no such folder");
      },
    };
    await expect(scriptedFit([first, broken, first], script)).rejects.toThrow("no such folder");
    expect(heard).toEqual(["OptionError: no such folder", "stopped"]);
    expect(warnings).toEqual([]);
  });

  it("any hook before the end of an epoch may stop the run", async () => {
    const stop = () => ({ stop: "Enough." });
    for (const hook of ["onEpochBegin", "onBatchBegin", "onBatchEnd", "onValidationBegin"] as const) {
      expect((await scriptedFit([{ [hook]: stop }], script)).reason).toBe("Enough.");
    }
    expect((await scriptedFit([{ onBatchBegin: stop }], script)).rates).toEqual([]);
  });

  it("what each has cost is counted in the order of the callbacks, under the name that it gives itself", async () => {
    class Slow implements Callback {
      onEpochEnd() {}
      onTrainEnd() {}
    }
    const { costs } = await scriptedFit([new Slow(), { name: "mine", onBatchEnd() {} }, {}], script);
    expect(costs).toEqual([
      { name: "Slow", seconds: expect.any(Number), calls: 4 },
      { name: "mine", seconds: expect.any(Number), calls: 3 },
      { name: "A callback", seconds: 0, calls: 0 },
    ]);
  });

  it("states find their callbacks by name, and of two with one name in their order", async () => {
    const counter = (name: string, start: number) => {
      let count = start;
      return {
        name,
        onEpochEnd: () => void count++,
        state: () => count,
        restore: (state: JsonValue) => {
          count = state as number;
        },
      };
    };
    const { states } = await scriptedFit([counter("a", 0), counter("a", 10), counter("b", 20)], script);
    expect(states).toEqual([
      { name: "a", state: 3 },
      { name: "a", state: 13 },
      { name: "b", state: 23 },
    ]);
    const others = [counter("b", 0), counter("c", 0), counter("a", 0)];
    new CallbackList(others).restore(states);
    expect(others.map(({ state }) => state())).toEqual([23, 0, 3]);
  });

  it("a state that cannot be restored is said in one line, and its callback is left out", async () => {
    const broken: Callback = {
      state: () => 1,
      restore() {
        throw new Error("of an older version");
      },
      onEpochEnd: () => "stop",
    };
    const { epochs } = await scriptedFit([broken], script, { states: [{ name: "A callback", state: 1 }] });
    expect(epochs).toBe(3);
    expect(warnings).toEqual([[expect.stringMatching(/^A callback: restore failed .*of an older version$/)]]);
  });
});
