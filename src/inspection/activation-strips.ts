import { Chart } from "../charts/chart.js";
import { roundForChart } from "../charts/numbers.js";
import { colours } from "../charts/spec.js";

/** A bin of the values of one layer; `share` is that of the layer's fullest bin. */
export interface StripRow {
  readonly layer: string;
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** The bins of a layer with which all layers together have at most 2,000. */
export function binsPerLayer(nLayers: number): number {
  return Math.max(4, Math.min(30, Math.floor(2000 / nLayers)));
}

/** How often the finite values of a layer fall into bins of one width; empty bins are left out. */
export function stripRows(
  layer: string,
  values: Float32Array,
  { min, max }: { readonly min: number; readonly max: number },
  nBins: number,
): StripRow[] {
  if (!(max >= min)) return [];
  const width = (max - min || 1e-6) / nBins;
  const counts = new Array<number>(nBins).fill(0);
  for (const value of values) {
    if (Number.isFinite(value)) counts[Math.min(nBins - 1, Math.floor((value - min) / width))]!++;
  }
  const fullest = Math.max(...counts);
  return counts.flatMap((count, bin) => {
    const [from, to] = [bin, bin + 1].map((edge) => roundForChart(min + edge * width)) as [number, number];
    return count === 0 ? [] : [{ layer, from, to, share: roundForChart(count / fullest) }];
  });
}

/**
 * A strip for each layer, dark where its values are many, over one axis that is linear around 0 and logarithmic outside: whether
 * values grow or vanish from layer to layer is seen at a glance.
 *
 * @param scale - Where the axis goes from linear to logarithmic.
 */
export function stripChart(layers: readonly string[], rows: readonly StripRow[], scale: number): Chart {
  const tooltip = ["layer", "from", "to", "share"].map((field) => ({ field, type: "nominal" }));
  const spec = {
    width: 420,
    height: layers.length * 18,
    data: { values: rows },
    mark: { type: "rect", color: colours.blue },
    encoding: {
      y: {
        field: "layer",
        type: "nominal",
        scale: { domain: layers, padding: 0.12 },
        axis: { title: null, ticks: false, domain: false, labelLimit: 160 },
      },
      x: {
        field: "from",
        type: "quantitative",
        scale: { type: "symlog", constant: scale, nice: false },
        axis: { title: "what comes out", values: powersOfTen(rows, scale), grid: true, format: ".3~g" },
      },
      x2: { field: "to" },
      // The root shows bins that are few as well.
      opacity: {
        field: "share",
        type: "quantitative",
        scale: { type: "sqrt", domain: [0, 1], range: [0.06, 1] },
        legend: null,
      },
      tooltip,
    },
  };
  return new Chart(spec, { text: `the values of ${layers.length} layers` });
}

/** 0 and the powers of ten from about `scale` to the ends of the axis, where even steps would all lie at the ends. */
function powersOfTen(rows: readonly StripRow[], scale: number): number[] {
  const [low, high] = [Math.min(0, ...rows.map(({ from }) => from)), Math.max(0, ...rows.map(({ to }) => to))];
  if (low === high) return [0];
  const last = Math.floor(Math.log10(Math.max(-low, high)));
  const first = Math.min(last, Math.ceil(Math.log10(scale)));
  const step = Math.max(1, Math.ceil((last - first) / 4)); // at most five on each side
  const powers: number[] = [];
  for (let power = last; power >= first; power -= step) powers.unshift(10 ** power);
  const ticks = [...powers.map((power) => -power).reverse(), 0, ...powers];
  return ticks.filter((tick) => tick >= low && tick <= high);
}
