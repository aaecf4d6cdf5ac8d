import { describe, expect, it, jest } from "@jest/globals";
import { ModelCheckpoint, type ModelCheckpointOptions } from "../../src/callbacks/model-checkpoint.js";
import { scriptedFit } from "./scripted-fit.js";

const valLosses = (...values: number[]) => values.map((val_loss) => ({ loss: 0, val_loss }));
const none = { saveTopK: 0, saveLast: false, onException: false };

/** The checkpoints as `name@step`. */
async function written(options: ModelCheckpointOptions, ...args: [number[], stepsPerEpoch?: number]) {
  const [values, stepsPerEpoch = 1] = args;
  const callback = new ModelCheckpoint(options);
  const { checkpoints } = await scriptedFit([callback], valLosses(...values), { stepsPerEpoch });
  return { callback, names: checkpoints.map(({ name, step }) => `${name}@${step}`), checkpoints };
}

describe("ModelCheckpoint", () => {
  it("keeps the best epoch and the last one", async () => {
    const { names } = await written({}, [3, 2, 4]);
    expect(names).toEqual(["best-1@1", "last@1", "best-1@2", "last@2", "last@3"]);
  });

  it("keeps the best k epochs, a new one in the place of the worst", async () => {
    const { names, callback, checkpoints } = await written({ ...none, saveTopK: 2 }, [3, 5, 4, 2, 2.5, 9]);
    expect(names).toEqual(["best-1@1", "best-2@2", "best-2@3", "best-2@4", "best-1@5"]);
    expect(callback.best).toEqual([
      { epoch: 4, value: 2, path: "checkpoints/best-2" },
      { epoch: 5, value: 2.5, path: "checkpoints/best-1" },
    ]);
    expect(checkpoints.at(-1)!.reason).toBe("val_loss 2.5 of epoch 5 is among the 2 best.");
  });

  it("maximises a score, and prefers any number to none", async () => {
    const script = [Number.NaN, 0.5, Number.NaN, 0.4, 0.6].map((accuracy) => ({ accuracy }));
    const callback = new ModelCheckpoint({ ...none, saveTopK: 1, monitor: "accuracy" });
    const { checkpoints } = await scriptedFit([callback], script);
    expect(checkpoints.map(({ step }) => step)).toEqual([1, 2, 5]);
  });

  it("writes after every so many steps of the run", async () => {
    const { names } = await written({ ...none, everySteps: 4 }, [3, 2, 4], 3);
    expect(names).toEqual(["latest@4", "latest@8"]);
  });

  it("writes after every so many minutes", async () => {
    let ms = 0;
    const spy = jest.spyOn(performance, "now").mockImplementation(() => ms);
    const clock = {
      onBatchBegin: () => {
        ms += 40_000;
      },
    };
    const callback = new ModelCheckpoint({ ...none, everyMinutes: 1 });
    const { checkpoints } = await scriptedFit([clock, callback], valLosses(3, 2), { stepsPerEpoch: 3 });
    spy.mockRestore();
    expect(checkpoints.map(({ step }) => step)).toEqual([2, 4, 6]);
  });

  it("writes when the run fails, with the reason", async () => {
    const callback = new ModelCheckpoint({ ...none, onException: true });
    const { checkpoints } = await scriptedFit([callback], valLosses(3), { error: new Error("no such column") });
    expect(checkpoints).toEqual([{ name: "exception", reason: "The run failed: no such column", step: 1 }]);
  });

  it("a checkpoint of one of the best already knows of itself", async () => {
    const callback = new ModelCheckpoint({ ...none, saveTopK: 1 });
    const states: unknown[] = [];
    const checkpoint = async () => {
      states.push(JSON.parse(JSON.stringify(callback.state())));
      return "somewhere";
    };
    await scriptedFit([callback], valLosses(3), { task: { checkpoint } });
    expect(states).toEqual([{ kept: [{ epoch: 1, value: 3, name: "best-1", path: "best-1" }] }]);
  });

  it("without a best one needs no metric, and with one names what is reported", async () => {
    expect((await scriptedFit([new ModelCheckpoint({ saveTopK: 0 })], [{ loss: 1 }])).checkpoints).toHaveLength(1);
    await expect(scriptedFit([new ModelCheckpoint()], [{ loss: 1 }])).rejects.toThrow(
      'ModelCheckpoint: monitor "val_loss" was not reported, only "loss". Pass validation rows to fit.',
    );
  });

  it.each<[object, string]>([
    [{ saveTopK: -1 }, "ModelCheckpoint: saveTopK must be an integer from 0, got -1."],
    [{ everySteps: 0 }, "ModelCheckpoint: everySteps must be an integer from 1, got 0."],
    [{ everyMinutes: 0 }, "ModelCheckpoint: everyMinutes must be a number above 0, got 0."],
    [{ saveLast: "yes" }, 'ModelCheckpoint: saveLast must be one of "true", "false", got "yes".'],
    [
      { topK: 3 },
      'ModelCheckpoint: there is no option "topK", only monitor, mode, saveTopK, saveLast, everySteps, everyMinutes, onException.',
    ],
  ])("%j is refused", (options, message) => {
    expect(() => new ModelCheckpoint(options)).toThrow(message);
  });
});
