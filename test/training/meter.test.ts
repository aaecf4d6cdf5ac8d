import { expect, it } from "@jest/globals";
import { losses } from "../../src/losses/losses.js";
import { metrics } from "../../src/metrics/metrics.js";
import { Meter, type MeterState } from "../../src/training/meter.js";

const labels = [0, 1, 1, 0, 1, 0, 0];
const logits = [-2, 1, -0.5, 0.2, 0.4, -1, 0.3];

function meter(): Meter {
  const output = {
    output: "side",
    loss: losses.binaryCrossEntropy(),
    weight: 1,
    metrics: { rocAuc: metrics.rocAuc(), f1: metrics.f1() },
    targets: { values: labels, shape: [7, 1] },
    weights: null,
    kind: "answers",
    nOutputs: 1,
  } as const;
  return new Meter([output], ["dataLoss", "penalty"]);
}

function add(to: Meter, rows: number[], dataLoss: number): void {
  const outputs = [Float32Array.from(rows, (row) => logits[row]!)];
  to.add(Int32Array.from(rows), { loss: dataLoss + 0.1, parts: { dataLoss, penalty: 0.1 }, outputs });
}

it("a meter goes on from its state in the middle of a pass, through JSON", () => {
  const whole = meter();
  add(whole, [0, 1, 2], 0.5);
  const state: MeterState = JSON.parse(JSON.stringify(whole.state()));
  add(whole, [3, 4, 5, 6], 0.25);
  const resumed = meter();
  add(resumed, [6, 6], 9);
  resumed.restore(state);
  add(resumed, [3, 4, 5, 6], 0.25);
  expect(resumed.result()).toEqual(whole.result());
  expect(whole.result().dataLoss).toBeCloseTo((3 * 0.5 + 4 * 0.25) / 7, 12);
  expect(whole.names).toEqual(Object.keys(whole.result()));
});

it("a meter reports NaN before the first batch", () => {
  expect(Object.values(meter().result())).toEqual(Array(5).fill(Number.NaN));
});
