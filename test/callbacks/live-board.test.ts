import { describe, expect, it } from "@jest/globals";
import { pinCurves } from "../../src/callbacks/earlier-runs.js";
import { LiveBoard } from "../../src/callbacks/live-board.js";
import { type OutputTarget, setOutputTarget } from "../../src/output/display.js";
import type { MimeBundle } from "../../src/output/mime.js";
import { scriptedFit } from "./scripted-fit.js";

const sent: { bundle: MimeBundle; displayId: string | undefined; update: boolean }[] = [];
const pending: Promise<unknown>[] = [];
let ids = 0;
let cell: string | undefined;
const notebook: OutputTarget = {
  show: (bundle, { displayId, update }) => void sent.push({ bundle, displayId, update }),
  clear() {},
  waitFor: (promise) => void pending.push(promise),
  newId: () => `board-${++ids}`,
  currentCell: () => cell,
};

/** What the page was sent for one run, the last state included. */
async function boardOf(script: { loss: number }[], status?: "interrupted", more: { readonly task?: object } = {}) {
  sent.length = 0;
  setOutputTarget(notebook);
  await scriptedFit([new LiveBoard()], script, { ...more, ...(status && { status }) });
  await Promise.all(pending.splice(0));
  return [...sent];
}

const textOf = (bundle: MimeBundle | undefined) => String(bundle?.["text/plain"]);
const specOf = (bundle: MimeBundle | undefined) => JSON.stringify(bundle?.["application/vnd.vegalite.v5+json"]);

describe("LiveBoard", () => {
  it("is one place on the page, there before the first epoch, that ends with how the run ended", async () => {
    const states = await boardOf([{ loss: 3 }, { loss: 2 }], "interrupted");
    expect(new Set(states.map(({ displayId }) => displayId)).size).toBe(1);
    expect(states.map(({ update }) => update)).toEqual([false, ...states.slice(1).map(() => true)]);
    expect(textOf(states[0]?.bundle)).toContain("epoch 0 / 2");
    expect(textOf(states.at(-1)?.bundle)).toContain("epoch 2 / 2");
    expect(textOf(states.at(-1)?.bundle)).toContain("interrupted");
    expect(states.at(-1)?.bundle["image/png"]).toBeDefined();
  });

  it("draws the last three runs of its cell and the pinned ones beside the running one, and a table of what was set otherwise", async () => {
    cell = "pinning";
    const train = (loss: number, task: object) => boardOf([{ loss }], undefined, { task });
    await train(9, { runId: "nine", setup: { rate: 0.9 } });
    pinCurves("nine", true);
    for (const loss of [8, 7, 6, 5]) await train(loss, { runId: `run-${loss}`, setup: { rate: loss / 10 } });
    const last = await train(4, { setup: { rate: 0.4 } });
    pinCurves("nine", false);
    const spec = specOf(last.at(-1)?.bundle);
    for (const loss of [9, 7, 6, 5, 4]) expect(spec).toContain(`"value":${loss}`);
    expect(spec).not.toContain('"value":8');
    const table = /"values":(\[\{"row":0.*?\])/.exec(spec)![1]!;
    const texts = (JSON.parse(table) as { row: number; text: string }[]).map(({ row, text }) => `${row}: ${text}`);
    expect(texts.slice(0, 6)).toEqual(["0: run", "0: rate", "0: loss", "1: run 1", "1: 0.9", "1: 9"]);
    expect(texts.slice(-3)).toEqual(["5: run 6 (this one)", "5: 0.4", "5: 4"]);
    expect(textOf(last.at(-1)?.bundle)).toContain("run 6 (this one), rate 0.4, loss 4");
  });

  it("another cell begins anew, whatever its run is called", async () => {
    cell = "one";
    await boardOf([{ loss: 41 }]);
    cell = "other";
    const board = await boardOf([{ loss: 42 }]);
    expect(specOf(board.at(-1)?.bundle)).not.toContain('"value":41');
    cell = "one";
    expect(specOf((await boardOf([{ loss: 43 }])).at(-1)?.bundle)).toContain('"value":41');
    cell = undefined;
  });

  it("does not mix runs that report other metrics", async () => {
    await boardOf([{ loss: 4 }]);
    const other = await boardOf([{ loss: 1, accuracy: 0.5 } as { loss: number }]);
    expect(specOf(other.at(-1)?.bundle)).not.toContain("this one");
  });
});
