import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import type { FitTask, Task } from "../../src/callbacks/callback.js";
import { LiveBoard } from "../../src/callbacks/live-board.js";
import { bundleOf, setOutputTarget } from "../../src/output/display.js";
import { runs } from "../../src/runs/runs.js";
import { fit } from "../../src/training/fit.js";
import { predict } from "../../src/training/predict.js";
import { resume } from "../../src/training/resume.js";
import { temporaryFolder } from "../models/temporary-folder.js";
import { clouds } from "../training/tiny.js";

beforeEach(() => {
  process.env.ETUDE_RUNS = temporaryFolder();
});

const options = { train: clouds(), validation: clouds(20, 2), loss: "crossEntropy", epochs: 3 } as const;
const trained = (more = {}) => fit(mlp({ inputs: 2, outputs: 2, hidden: [4] }), { ...options, ...more });
const weightsOf = (model: { getWeights(): { dataSync(): ArrayLike<number> }[] }) =>
  model.getWeights().map((weight) => Array.from(weight.dataSync()));

describe("runs", () => {
  it("the table has what was trained; a run that is not recorded is not in it", async () => {
    const run = await trained({ title: "clouds" });
    await trained({ record: false });
    const rows = runs.table().toRows();
    expect(rows).toMatchObject([{ id: run.id, title: "clouds", status: "completed", epochs: 3, optimizer: "adam" }]);
    expect(await bundleOf(runs.table())).toHaveProperty("text/html");
  });

  it("load gives the model its best weights, which here are its last ones", async () => {
    const run = await trained();
    expect(run.best!.epoch).toBe(3);
    const loaded = await runs.load(run.id);
    expect(weightsOf(loaded)).toEqual(weightsOf(run.model));
    expect(await predict(loaded, options.validation.x)).toEqual(await predict(run.model, options.validation.x));
  });

  it("resume past the end gives what all epochs at once give", async () => {
    const whole = await trained({ epochs: 5 });
    const longer = await resume((await trained()).id, { epochs: 5 });
    expect(weightsOf(longer.model)).toEqual(weightsOf(whole.model));
    await expect(resume(longer.id)).rejects.toThrow(/is completed and has 5 epochs. Pass epochs above 5 to go on.$/);
  });

  it("resume refuses other rows, missing callbacks and unknown runs, each with a sentence", async () => {
    const run = await trained({ callbacks: [{ name: "mine" }] });
    await expect(resume(run.id, { epochs: 4 })).rejects.toThrow(/had the callbacks mine. Pass it again/);
    const others = { train: clouds(40, 9), validation: options.validation, callbacks: [], epochs: 4 };
    await expect(resume(run.id, others)).rejects.toThrow(/are not the data of run/);
    await expect(resume("nobody")).rejects.toThrow(/there is no run "nobody"/);
  });

  it("a pinned run is not deleted; another one is", async () => {
    const run = await trained();
    runs.pin(run);
    await expect(runs.delete(run)).rejects.toThrow(/is pinned/);
    runs.pin(run, false);
    await runs.delete(run);
    expect(runs.table().toRows()).toEqual([]);
    await runs.emptyTrash();
  });

  it("compare draws runs in one board and says what was set otherwise", async () => {
    const slow = await trained({ title: "clouds", learningRate: 0.001 });
    const fast = await trained({ title: "clouds", learningRate: 0.1 });
    const text = (await bundleOf(runs.compare(slow, fast.id)))["text/plain"] as string;
    expect(text).toContain(`clouds, ${fast.id}: epoch 3 / 3`);
    expect(text).toContain(`${slow.id}, learningRate 0.001, val_loss`);
    expect(text).toContain(`${fast.id}, learningRate 0.1, val_loss`);
    expect(() => runs.compare(slow)).toThrow("runs.compare: takes two runs or more, got 1.");
  });

  it("show draws a run that is over from its journal, and follows one that is being trained to its end", async () => {
    const shown: string[] = [];
    const pending: Promise<unknown>[] = [];
    setOutputTarget({
      show: (bundle) => void shown.push(String(bundle["text/plain"])),
      clear() {},
      waitFor: (promise) => void pending.push(promise),
      newId: () => "board",
      currentCell: () => undefined,
    });
    const run = await trained({ title: "over" });
    shown.length = 0;
    runs.show(run);
    expect(shown).toEqual([expect.stringContaining(`over, ${run.id}: epoch 3 / 3`)]);
    expect(shown[0]).toContain("completed: All 3 epochs ran");

    let isFollowed: (() => void) | undefined;
    const followed = new Promise<void>((resolve) => {
      isFollowed = resolve;
    });
    const during = {
      onEpochEnd: async ({ index, parent }: Task) => {
        if (index !== 0) return;
        shown.length = 0;
        runs.show((parent as FitTask).runId);
        isFollowed!();
      },
    };
    const live = trained({ title: "live", callbacks: [during, new LiveBoard()] });
    await followed;
    expect(shown.some((text) => /^live, .*running/.test(text))).toBe(true);
    await live;
    while (!shown.some((text) => /^live, .*completed/.test(text))) await new Promise(setImmediate);
  });

  it("clean keeps the newest and the pinned runs, and what went lies in the trash", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) ids.push((await trained({ epochs: 1, title: `run ${i}` })).id);
    const byAge = [...ids].sort();
    runs.pin(byAge[0]!);
    expect(await runs.clean({ maxRuns: 2 })).toEqual([byAge[1], byAge[2]]);
    expect(
      runs
        .table()
        .toRows()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([byAge[0], byAge[3]]);
    expect(readdirSync(join(process.env.ETUDE_RUNS!, ".trash"))).toHaveLength(2);
    expect(await runs.clean({ maxBytes: 0 })).toEqual([]);
    expect(readdirSync(join(process.env.ETUDE_RUNS!, ".trash"))).toEqual([]);
    expect(weightsOf(await runs.load(byAge[3]!))).toHaveLength(4);
    await expect(runs.clean({ maxRuns: 0 })).rejects.toThrow("runs.clean: maxRuns must be an integer from 1, got 0.");
  });

  it("a folder that cannot be made is said once, and training goes on", async () => {
    process.env.ETUDE_RUNS = "/dev/null/runs";
    const said: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => void said.push(text);
    const run = await trained().finally(() => {
      console.warn = warn;
    });
    expect(run.status).toBe("completed");
    expect(said).toEqual([expect.stringContaining("the run is not recorded, and cannot be resumed")]);
  });
});
