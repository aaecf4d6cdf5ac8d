import { Chart } from "./chart.js";
import { type ComparisonTable, comparisonTable } from "./comparison-table.js";
import { type CurveRow, type EarlierRun, type EpochRow, learningCurveRows } from "./learning-curve-rows.js";
import { readableDuration, readableNumber } from "./numbers.js";
import { colours, type VegaLiteSpec } from "./spec.js";

/** What a training run has to show, while it runs and after. */
export interface BoardState {
  readonly title: string;
  readonly status: "running" | "completed" | "stopped" | "interrupted" | "diverged";
  /** Why the run ended, in one sentence. */
  readonly reason?: string;
  /** As planned; null when nobody knows. */
  readonly epochs: number | null;
  readonly rows: readonly EpochRow[];
  /** The epoch whose weights are kept. */
  readonly bestEpoch?: number;
  /** The epoch after which a callback ended the run. */
  readonly stoppedEpoch?: number;
  readonly learningRate?: number;
  readonly samplesPerSecond?: number;
  readonly etaSeconds?: number;
  /** Runs of the same cell before this one, oldest first; they are drawn as faint curves. */
  readonly earlier?: readonly EarlierRun[];
  /** How the earlier ones and this one differ. */
  readonly comparison?: ComparisonTable;
  /** Of the epoch that runs. */
  readonly steps?: { readonly done: number; readonly total: number };
  /** That the process holds. */
  readonly memoryBytes?: number;
}

/**
 * The board of a training run: a panel for the loss and one for each metric, train beside validation, with the best epoch
 * and the stop marked. A running board is drawn by the page alone; a final one also has a static picture.
 */
export function trainingBoard(state: BoardState): Chart {
  const { header = [], rows = [] } = state.comparison ?? {};
  const compared = rows.map((row) => row.map((cell, i) => (i === 0 ? cell : `${header[i]} ${cell}`)).join(", "));
  const text = `${state.title}: ${[...boardParts(state).flat(), ...compared].join(separator)}`;
  return new Chart(trainingBoardSpec(state), { text, live: state.status === "running" });
}

const panelHeight = 190;
const panelWidths = [480, 330];

/** The board as plain JSON. */
export function trainingBoardSpec(state: BoardState): VegaLiteSpec {
  const curves = learningCurveRows(state.rows, state.earlier);
  // Before the first epoch nobody knows the metrics; an empty loss panel already takes its place on the page.
  const panels = curves.size > 0 ? [...curves] : [["loss", []] as const];
  const width = panelWidths[Math.min(panels.length, panelWidths.length) - 1]!;
  const title = {
    text: state.title,
    subtitle: boardParts(state).flatMap((parts) => linesOf(parts, panels.length > 1 ? 125 : 80)),
  };
  const curvesSpec = { columns: 2, spacing: 28, concat: panels.map(([name, rows]) => panel(name, rows, state, width)) };
  if (state.comparison === undefined) return { title, ...curvesSpec };
  const resolve = { scale: { color: "independent" } }; // so that the legend stays with its curves
  return { title, spacing: 20, vconcat: [curvesSpec, comparisonTable(state.comparison)], resolve };
}

function panel(name: string, rows: readonly CurveRow[], state: BoardState, width: number): VegaLiteSpec {
  const lastEpoch = lastEpochShown(state);
  const marks = epochMarks(state, lastEpoch, width);
  const x = {
    field: "epoch",
    type: "quantitative",
    scale: { domain: [1, lastEpoch], nice: false },
    axis: { title: "epoch", grid: false, format: "d", values: epochTicks(lastEpoch) },
  };
  const earlier = rows.filter(({ run }) => run !== undefined);
  const current = rows.filter(({ run }) => run === undefined);
  // A single point draws no line, and many points hide it; unseen ones still answer to the pointer.
  const point = state.rows.length <= 30 ? { size: 18 } : { size: 30, opacity: 0 };
  return {
    title: { text: name, fontSize: 12, fontWeight: "normal", offset: 18 },
    width,
    height: panelHeight,
    layer: [
      ...gapLayer(name, current, x),
      ...(earlier.length > 0 ? [curveLayer(earlier, x, { type: "line", opacity: 0.3, strokeWidth: 1.5 })] : []),
      curveLayer(current, x, { type: "line", point }),
      ...(marks.length > 0 ? markLayers(marks, x) : []),
    ],
  };
}

function curveLayer(rows: readonly CurveRow[], x: object, mark: object): VegaLiteSpec {
  const hasValidation = rows.some(({ part }) => part === "validation");
  return {
    data: { values: rows },
    mark,
    encoding: {
      x,
      // The same room for every label, so that the panels stand in line and stay where they are.
      y: {
        field: "value",
        type: "quantitative",
        scale: { zero: false },
        axis: { title: null, tickCount: 5, minExtent: 36 },
      },
      color: {
        field: "part",
        type: "nominal",
        scale: { domain: ["train", "validation"], range: [colours.blue, colours.orange] },
        legend: hasValidation
          ? { title: null, orient: "bottom", symbolType: "stroke", symbolOpacity: 1, offset: 8 }
          : null,
      },
      detail: { field: "run" },
      tooltip: ["run", "part", "epoch", "value"].map((field) => ({ field, type: "nominal" })),
    },
  };
}

/** The gap between train and validation loss, shaded. */
function gapLayer(name: string, rows: readonly CurveRow[], x: object): VegaLiteSpec[] {
  if (name !== "loss") return [];
  const train = new Map(rows.filter(({ part }) => part === "train").map(({ epoch, value }) => [epoch, value]));
  const values = rows.flatMap(({ part, epoch, value }) => {
    const other = train.get(epoch);
    return part === "validation" && other !== undefined ? [{ epoch, value, train: other }] : [];
  });
  if (values.length < 2) return [];
  const y = { field: "value", type: "quantitative", scale: { zero: false } };
  return [
    {
      data: { values },
      mark: { type: "area", color: colours.grey, opacity: 0.12 },
      encoding: { x, y, y2: { field: "train" } },
    },
  ];
}

/** Up to eight round epochs, and the first. */
function epochTicks(lastEpoch: number): number[] {
  const power = 10 ** Math.floor(Math.log10(lastEpoch));
  const step = [0.1, 0.2, 0.5, 1, 2]
    .map((factor) => Math.max(1, factor * power))
    .find((size) => lastEpoch / size <= 8)!;
  const multiples = Array.from({ length: Math.floor(lastEpoch / step) }, (_, i) => Math.round((i + 1) * step));
  return step === 1 ? multiples : [1, ...multiples];
}

/** A line across the panel at an epoch that matters, its name above the panel. */
interface EpochMark {
  readonly epoch: number;
  readonly label: string;
  readonly align: "left" | "right";
}

function markLayers(marks: readonly EpochMark[], x: object): VegaLiteSpec[] {
  const data = { values: marks };
  const rule = { type: "rule", color: colours.grey, strokeDash: [3, 3], strokeWidth: 1.2 };
  const label = { type: "text", color: colours.grey, fontSize: 10.5, baseline: "bottom", y: -3 };
  return [
    { data, mark: rule, encoding: { x } },
    ...(["left", "right"] as const).map((align) => ({
      data: { values: marks.filter((mark) => mark.align === align) },
      mark: { ...label, align },
      encoding: { x, text: { field: "label", type: "nominal" } },
    })),
  ];
}

/** The best epoch and the stop. Their names never overlap: two that stand close share one. */
function epochMarks(state: BoardState, lastEpoch: number, width: number): EpochMark[] {
  const { bestEpoch: best, stoppedEpoch: stop } = state;
  const place = (epoch: number) => ((epoch - 1) / (lastEpoch - 1)) * width;
  const mark = (epoch: number, label: string): EpochMark => {
    return { epoch, label, align: place(epoch) < width / 2 ? "left" : "right" };
  };
  const bestLabel = `best: ${best}`;
  const stopLabel = `stopped: ${stop}`;
  if (best === undefined) return stop === undefined ? [] : [mark(stop, stopLabel)];
  if (stop === undefined) return [mark(best, bestLabel)];
  const isClose = Math.abs(place(stop) - place(best)) < 76;
  const labels = isClose ? ["", `${bestLabel}, ${stopLabel}`] : [bestLabel, stopLabel];
  return [mark(best, labels[0]!), mark(stop, labels[1]!)];
}

/** The end of the epoch axis: the plan while the run goes on, so that the curves do not jump; then what was trained. */
function lastEpochShown({ status, epochs, rows, earlier = [] }: BoardState): number {
  const trained = [{ rows }, ...earlier].map((run) => run.rows.at(-1)?.epoch ?? 1);
  const planned = status === "running" && epochs !== null ? epochs : 1;
  return Math.max(2, planned, ...trained);
}

/** What stands under the title, in parts: how far and how good; how it goes on or why it ended. */
function boardParts(state: BoardState): string[][] {
  const { status, reason, epochs, rows, learningRate, samplesPerSecond, etaSeconds, steps, memoryBytes } = state;
  const last = rows.at(-1);
  const progress = [
    `epoch ${last?.epoch ?? 0}${epochs === null ? "" : ` / ${epochs}`}`,
    ...(steps === undefined || status !== "running" ? [] : [`step ${steps.done} / ${steps.total}`]),
    ...Object.entries(last?.metrics ?? {}).map(([name, value]) => `${name} ${readableNumber(value)}`),
  ];
  const details = [
    reason === undefined ? status : `${status}: ${reason.replace(/\.$/, "")}`,
    learningRate === undefined ? "" : `learning rate ${readableNumber(learningRate)}`,
    samplesPerSecond === undefined ? "" : `${readableNumber(samplesPerSecond)} samples/s`,
    memoryBytes === undefined ? "" : `${readableNumber(Math.round(memoryBytes / 1e6))} MB`,
    etaSeconds === undefined || status !== "running" ? "" : `${readableDuration(etaSeconds)} left`,
  ];
  return [progress, details.filter(Boolean)];
}

const separator = "  ·  ";

/** The parts joined to lines of at most `maxLength` characters; a part that is longer is broken between words. */
function linesOf(parts: readonly string[], maxLength: number): string[] {
  const short = parts.flatMap((part) => (part.length > maxLength ? packed(part.split(" "), " ", maxLength) : [part]));
  return packed(short, separator, maxLength);
}

function packed(pieces: readonly string[], glue: string, maxLength: number): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last === undefined || last.length + glue.length + piece.length > maxLength) lines.push(piece);
    else lines[lines.length - 1] = last + glue + piece;
  }
  return lines;
}
