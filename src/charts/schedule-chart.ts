import { Chart } from "./chart.js";
import { downsampleLine } from "./downsample.js";
import { readableNumber, roundForChart } from "./numbers.js";
import type { VegaLiteSpec } from "./spec.js";

/** The learning rate of one step. */
export interface ScheduleRow {
  readonly step: number;
  readonly rate: number;
}

const maxPoints = 400;

/**
 * The learning rates of the steps 0 to `steps`, as rows for a chart: of a long course the extremes of each stretch.
 * @param at - The learning rate of a step.
 */
export function scheduleRows(at: (step: number) => number, steps: number): readonly ScheduleRow[] {
  // A long course is looked at in places: no more can be seen.
  const stride = Math.max(1, Math.floor(steps / 20_000));
  const rows: ScheduleRow[] = [];
  for (let step = 0; step <= steps; step += stride) rows.push({ step, rate: roundForChart(at(step)) });
  return downsampleLine(rows, ({ rate }) => rate, maxPoints);
}

/** The curve of a learning rate over the steps. */
export function scheduleChart(name: string, at: (step: number) => number, steps: number): Chart {
  const rows = scheduleRows(at, steps);
  const rates = rows.map(({ rate }) => rate);
  const [low, high] = [Math.min(...rates), Math.max(...rates)].map(readableNumber);
  const range = low === high ? `learning rate ${high}` : `learning rate ${low} to ${high}`;
  const text = `${name}: ${range} over ${readableNumber(steps)} steps`;
  return new Chart(scheduleSpec(name, rows, range), { text });
}

function scheduleSpec(name: string, rows: readonly ScheduleRow[], subtitle: string): VegaLiteSpec {
  return {
    title: { text: name, subtitle },
    width: 420,
    height: 180,
    data: { values: rows },
    mark: { type: "line" },
    encoding: {
      x: { field: "step", type: "quantitative", scale: { nice: false }, axis: { title: "step", tickCount: 6 } },
      y: { field: "rate", type: "quantitative", axis: { title: "learning rate", tickCount: 5 } },
      tooltip: ["step", "rate"].map((field) => ({ field, type: "nominal" })),
    },
  };
}
