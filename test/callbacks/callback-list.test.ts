import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { Callback } from "../../src/callbacks/callback.js";
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
    expect(warnings).toEqual([[expect.stringContaining("A callback: onEpochEnd threw"), new Error("disk full")]]);
  });

  it("one that throws in onTrainBegin ends the fit before anything is trained", async () => {
    const broken: Callback = {
      onTrainBegin() {
        throw new Error("no such folder");
      },
    };
    await expect(scriptedFit([broken], script)).rejects.toThrow("no such folder");
  });
});
