import { beforeEach, describe, expect, it } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import { LiveBoard } from "../../src/callbacks/live-board.js";
import { type OutputTarget, setOutputTarget } from "../../src/output/display.js";
import { fit } from "../../src/training/fit.js";
import { clouds } from "./tiny.js";

const places: (string | undefined)[] = [];
const pending: Promise<unknown>[] = [];
const notebook: OutputTarget = {
  show: (_, { displayId }) => void places.push(displayId),
  clear() {},
  waitFor: (promise) => void pending.push(promise),
  newId: () => `place-${places.length}`,
  currentCell: () => undefined,
};

describe("fit in a notebook", () => {
  const train = clouds();
  const basics = { train, loss: "crossEntropy", epochs: 3, title: "clouds" } as const;
  beforeEach(() => {
    setOutputTarget(notebook);
    places.length = 0;
  });

  it("shows one live board by itself, from the first epoch to the end", async () => {
    await fit(mlp({ inputs: 2, outputs: 2 }), basics);
    await Promise.all(pending);
    expect(places.length).toBeGreaterThanOrEqual(2);
    expect(new Set(places).size).toBe(1);
  });

  it("shows no second one beside a board of the user's own", async () => {
    await fit(mlp({ inputs: 2, outputs: 2 }), { ...basics, callbacks: [new LiveBoard()] });
    await Promise.all(pending);
    expect(new Set(places).size).toBe(1);
  });
});
