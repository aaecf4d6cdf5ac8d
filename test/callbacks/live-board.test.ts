import { describe, expect, it } from "@jest/globals";
import { LiveBoard } from "../../src/callbacks/live-board.js";
import { type OutputTarget, setOutputTarget } from "../../src/output/display.js";
import type { MimeBundle } from "../../src/output/mime.js";
import { scriptedFit } from "./scripted-fit.js";

const sent: { bundle: MimeBundle; displayId: string | undefined; update: boolean }[] = [];
const pending: Promise<unknown>[] = [];
let ids = 0;
const notebook: OutputTarget = {
  show: (bundle, { displayId, update }) => void sent.push({ bundle, displayId, update }),
  clear() {},
  waitFor: (promise) => void pending.push(promise),
  newId: () => `board-${++ids}`,
};

/** What the page was sent for one run, the last state included. */
async function boardOf(script: { loss: number }[], status?: "interrupted") {
  sent.length = 0;
  setOutputTarget(notebook);
  await scriptedFit([new LiveBoard()], script, status && { status });
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

  it("draws the last three comparable runs beside the running one", async () => {
    for (const loss of [9, 8, 7, 6]) await boardOf([{ loss }]);
    const last = await boardOf([{ loss: 5 }]);
    const spec = specOf(last.at(-1)?.bundle);
    const labels = [...new Set(spec.match(/run \d+, learning rate 0\.1/g))];
    expect(labels).toHaveLength(3);
    for (const loss of [8, 7, 6, 5]) expect(spec).toContain(`"value":${loss}`);
    expect(spec).not.toContain('"value":9');
  });

  it("does not mix runs that report other metrics", async () => {
    await boardOf([{ loss: 4 }]);
    const other = await boardOf([{ loss: 1, accuracy: 0.5 } as { loss: number }]);
    expect(specOf(other.at(-1)?.bundle)).not.toContain('learning rate 0.1"');
  });
});
