import { describe, expect, it, jest } from "@jest/globals";
import type { Callback } from "../../src/callbacks/callback.js";
import { EarlyStopping, type EarlyStoppingOptions } from "../../src/callbacks/early-stopping.js";
import { scriptedFit } from "./scripted-fit.js";

const valLosses = (...values: number[]) => values.map((val_loss) => ({ loss: 0, val_loss }));

describe("EarlyStopping", () => {
  it.each<[EarlyStoppingOptions, number[], epochs: number, restored: number]>([
    [{ patience: 2 }, [3, 2, 4, 5, 1, 1], 4, 2],
    [{ patience: 1 }, [3, 2, 4, 5, 1, 1], 3, 2],
    [{ patience: 0 }, [3, 2, 4, 5, 1, 1], 3, 2],
    [{ patience: 3 }, [3, 2, 4, 5, 1, 1], 6, 5],
    [{ patience: 2, minDelta: 0.5 }, [3, 2.8, 2.6, 2.5], 3, 1],
    [{ patience: 2, mode: "maximize" }, [1, 2, 1.5, 2, 3], 4, 2],
  ])("%j on %j stops after epoch %i with the weights of epoch %i", async (options, script, epochs, restored) => {
    const result = await scriptedFit([new EarlyStopping(options)], valLosses(...script));
    expect(result.epochs).toBe(epochs);
    expect(result.log).toEqual([`restored epoch ${restored}`]);
    expect(result.stillKept).toBe(0);
  });

  it("says why in one sentence", async () => {
    const { reason } = await scriptedFit([new EarlyStopping({ patience: 2 })], valLosses(3, 0.123456, 4, 5));
    expect(reason).toBe("EarlyStopping: val_loss did not improve on the 0.12346 of epoch 2 for 2 epochs.");
  });

  it.each(["completed", "interrupted", "diverged", "stopped"] as const)(
    "puts the best weights back when the run ended as %s, inside its patience",
    async (status) => {
      const { log, stillKept } = await scriptedFit([new EarlyStopping({ patience: 9 })], valLosses(2, 1, 3), {
        status,
      });
      expect(log).toEqual(["restored epoch 2"]);
      expect(stillKept).toBe(0);
    },
  );

  it("puts the best weights back when the run ends with an error", async () => {
    const result = await scriptedFit([new EarlyStopping({ patience: 9 })], valLosses(2, 1, 3), {
      error: new Error("no such column"),
    });
    expect(result.log).toEqual(["restored epoch 2"]);
    expect(result.stillKept).toBe(0);
  });

  it.each<[EarlyStoppingOptions, number[], epochs: number, restored: number, reason: string]>([
    [{ patience: { steps: 8 } }, [3, 2, 4, 5, 6, 7], 4, 2, "val_loss did not improve on the 2 of epoch 2 for 8 steps."],
    [
      { patience: { steps: 9 } },
      [3, 2, 4, 5, 6, 7],
      5,
      2,
      "val_loss did not improve on the 2 of epoch 2 for 12 steps.",
    ],
    [
      { patience: 2, baseline: 1 },
      [3, 2, 1.5, 0.5],
      2,
      2,
      "val_loss, at best the 2 of epoch 2, did not reach the baseline 1 for 2 epochs.",
    ],
    [
      { patience: 3, baseline: 1 },
      [3, 2, 0.5, 4, 4, 4, 4],
      6,
      3,
      "val_loss did not improve on the 0.5 of epoch 3 for 3 epochs.",
    ],
    [
      { patience: 2, startFromEpoch: 3 },
      [1, 1, 1, 9, 9, 9, 9],
      6,
      4,
      "val_loss did not improve on the 9 of epoch 4 for 2 epochs.",
    ],
    // Means with half of the one before: 4, 2.67, 2.86, 1.76, 3.12, 4.08.
    [
      { patience: 1, smoothing: 0.5 },
      [4, 2, 3, 0.8],
      3,
      2,
      "val_loss did not improve on the 2.6667 of epoch 2 for 1 epoch.",
    ],
    [
      { patience: 2, smoothing: 0.5 },
      [4, 2, 3, 0.8, 4.4, 5],
      6,
      4,
      "val_loss did not improve on the 1.76 of epoch 4 for 2 epochs.",
    ],
  ])(
    "%j on %j stops after epoch %i, restores epoch %i, and says why",
    async (options, script, epochs, restored, why) => {
      const result = await scriptedFit([new EarlyStopping(options)], valLosses(...script), { stepsPerEpoch: 4 });
      expect(result).toMatchObject({ epochs, log: [`restored epoch ${restored}`], reason: `EarlyStopping: ${why}` });
    },
  );

  it("waits for seconds of the run", async () => {
    let ms = 0;
    jest.spyOn(performance, "now").mockImplementation(() => ms);
    const clock: Callback = {
      onEpochBegin: () => {
        ms += 20_000;
      },
    };
    const callbacks = [clock, new EarlyStopping({ patience: { seconds: 60 } })];
    const { epochs, reason } = await scriptedFit(callbacks, valLosses(3, 2, 4, 4, 4, 4, 4));
    jest.restoreAllMocks();
    expect(epochs).toBe(5);
    expect(reason).toBe("EarlyStopping: val_loss did not improve on the 2 of epoch 2 for 60 seconds.");
  });

  it("without restoreBest keeps no weights at all", async () => {
    const { log, reason } = await scriptedFit(
      [new EarlyStopping({ patience: 1, restoreBest: false })],
      valLosses(1, 2),
    );
    expect(log).toEqual([]);
    expect(reason).toContain("did not improve");
  });

  it("maximises a score by its name", async () => {
    const script = [0.5, 0.9, 0.8].map((val_accuracy) => ({ val_accuracy }));
    const { log } = await scriptedFit([new EarlyStopping({ monitor: "val_accuracy" })], script);
    expect(log).toEqual(["restored epoch 2"]);
  });

  it("a value that is not a number is no improvement, and any number improves on it", async () => {
    const { epochs, log } = await scriptedFit(
      [new EarlyStopping({ patience: 2 })],
      valLosses(Number.NaN, 2, Number.NaN, 3),
    );
    expect(epochs).toBe(4);
    expect(log).toEqual(["restored epoch 2"]);
  });

  it("serves a second run from the start", async () => {
    const callback = new EarlyStopping({ patience: 1 });
    await scriptedFit([callback], valLosses(1, 2));
    expect((await scriptedFit([callback], valLosses(9, 8, 7))).epochs).toBe(3);
  });

  it("a monitor that is not reported ends the fit before it begins, with the names that are", async () => {
    await expect(scriptedFit([new EarlyStopping()], [{ loss: 1 }])).rejects.toThrow(
      'EarlyStopping: monitor "val_loss" was not reported, only "loss". Pass validation rows to fit.',
    );
    await expect(scriptedFit([new EarlyStopping({ monitor: "acc", mode: "maximize" })], [{ loss: 1 }])).rejects.toThrow(
      'EarlyStopping: monitor "acc" was not reported, only "loss". Name one of those.',
    );
  });

  it.each<[EarlyStoppingOptions, string]>([
    [{ patience: -1 }, "EarlyStopping: patience must be an integer from 0, got -1."],
    [{ patience: { steps: 0.5 } }, "EarlyStopping: patience.steps must be an integer from 0, got 0.5."],
    [
      { patience: { steps: 5, seconds: 1 } as never },
      "EarlyStopping: patience must be a number of epochs, { steps } or { seconds }, got a Object.",
    ],
    [
      { patience: { minutes: 1 } as never },
      'EarlyStopping: patience: there is no option "minutes", only steps, seconds.',
    ],
    [{ smoothing: 1 }, "EarlyStopping: smoothing must be a number from 0 and below 1, got 1."],
    [{ startFromEpoch: -1 }, "EarlyStopping: startFromEpoch must be an integer from 0, got -1."],
    [{ minDelta: Number.NaN }, "EarlyStopping: minDelta must be a number from 0, got NaN."],
    [{ mode: "min" as never }, 'EarlyStopping: mode must be one of "minimize", "maximize", got "min".'],
    [
      { monitor: "val_wobble" },
      'EarlyStopping: whether less or more "val_wobble" is better is not known. Pass mode: "minimize" or "maximize".',
    ],
  ])("%j is refused", (options, message) => {
    expect(() => new EarlyStopping(options)).toThrow(message);
  });
});
