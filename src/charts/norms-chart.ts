import { Chart } from "./chart.js";
import { readableNumber, roundForChart } from "./numbers.js";
import type { VegaLiteSpec } from "./spec.js";

/** Euclidean lengths around one step of a weight. */
export interface NormRow {
  readonly step: number;
  readonly name: string;
  readonly gradient: number;
  readonly weight: number;
  /** Of what the step added to the weight. */
  readonly update: number;
}

const maxCells = 2000;
const maxColumns = 60;

/** What a step changed of each weight, as a share of it: weights in rows, steps in columns. */
export function normsChart(rows: readonly NormRow[]): Chart {
  const names = [...new Set(rows.map(({ name }) => name))];
  const last = rows.at(-1)!.step;
  const latest = rows
    .filter(({ step }) => step === last)
    .map(({ name, update, weight }) => `${name} ${readableNumber(update / weight)}`);
  return new Chart(spec(rows, names), { text: `Update / weight at step ${last}: ${latest.join("  ·  ")}` });
}

function spec(rows: readonly NormRow[], names: readonly string[]): VegaLiteSpec {
  const steps = thinned(
    [...new Set(rows.map(({ step }) => step))],
    Math.min(maxColumns, Math.floor(maxCells / names.length)),
  );
  const shown = new Set(steps);
  const values = rows.flatMap(({ step, name, gradient, weight, update }) => {
    if (!shown.has(step)) return [];
    const share = update / weight;
    const lengths = { gradient: roundForChart(gradient), weight: roundForChart(weight), update: roundForChart(update) };
    // A weight of zeros, or one that stays, has no place on a scale of logarithms.
    return [
      { step, name, ...lengths, share: share > 0 && Number.isFinite(share) ? roundForChart(Math.log10(share)) : null },
    ];
  });
  const every = Math.max(1, Math.ceil(steps.length / 8));
  return {
    title: { text: "Update / weight", subtitle: "about 1e-3 is usual" },
    width: 480,
    height: Math.min(18 * names.length, 600),
    data: { values },
    mark: { type: "rect", invalid: null },
    encoding: {
      x: {
        field: "step",
        type: "ordinal",
        axis: { title: "step", values: steps.filter((_, i) => i % every === 0), labelAngle: 0, ticks: false },
      },
      y: {
        field: "name",
        type: "nominal",
        sort: null,
        axis: { title: null, ticks: false, domain: false, labelLimit: 200 },
      },
      color: {
        field: "share",
        type: "quantitative",
        scale: { domain: [-6, -3, 0], range: ["#4285d6", "#cfcfcf", "#e07f2e"], clamp: true },
        legend: { title: "share", labelExpr: "'1e' + datum.value", values: [-6, -4, -3, -2, 0], gradientLength: 120 },
      },
      tooltip: ["name", "step", "gradient", "weight", "update"].map((field) => ({ field, type: "nominal" })),
    },
  };
}

/** At most `most` of them, equally far apart. */
function thinned<T>(list: readonly T[], most: number): T[] {
  const every = Math.max(1, Math.ceil(list.length / Math.max(1, most)));
  return list.filter((_, i) => i % every === 0);
}
