import { downsampleLine } from "./downsample.js";
import { roundForChart } from "./numbers.js";

/** What one epoch of training measured. */
export interface EpochRow {
  /** From 1. */
  readonly epoch: number;
  /** By name, such as `loss` and `val_loss`. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** A run of the same cell before this one. */
export interface EarlierRun {
  readonly label: string;
  readonly rows: readonly EpochRow[];
}

/** One point of a learning curve. */
export interface CurveRow {
  readonly epoch: number;
  readonly value: number;
  readonly part: "train" | "validation";
  /** The label of an earlier run; the run that the chart is about has none. */
  readonly run?: string;
}

const validationPrefix = "val_";

/** More cannot be told apart in a panel; and a chart stays quick, a notebook small. */
const maxPointsPerCurve = 300;
const maxPoints = 2000;

/** The names of the panels, loss first: `val_loss` is drawn beside `loss`, not on its own. */
function curveNames(rows: readonly EpochRow[]): string[] {
  const names = new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)).map(withoutPrefix));
  return [...names].sort((a, b) => Number(b === "loss") - Number(a === "loss"));
}

/**
 * The curves of each metric, as rows for a chart: `learningCurveRows(history.rows).get("loss")`. Values that are not
 * finite are left out; a long run keeps the extremes of each stretch (at most 2,000 points in all).
 */
export function learningCurveRows(
  rows: readonly EpochRow[],
  earlier: readonly EarlierRun[] = [],
): Map<string, CurveRow[]> {
  const runs = [...earlier, { label: undefined, rows }];
  const names = curveNames(rows);
  const pointsPerCurve = Math.min(maxPointsPerCurve, Math.floor(maxPoints / (names.length * 2 * runs.length)));
  return new Map(
    names.map((name) => [
      name,
      runs.flatMap((run) => [
        ...curve(run, name, "train", pointsPerCurve),
        ...curve(run, `${validationPrefix}${name}`, "validation", pointsPerCurve),
      ]),
    ]),
  );
}

interface LabelledRun {
  readonly label: string | undefined;
  readonly rows: readonly EpochRow[];
}

function curve({ label, rows }: LabelledRun, metric: string, part: CurveRow["part"], maxLength: number) {
  const points = rows.flatMap(({ epoch, metrics }): CurveRow[] => {
    const value = metrics[metric];
    if (value === undefined || !Number.isFinite(value)) return [];
    return [{ epoch, value: roundForChart(value), part, ...(label === undefined ? {} : { run: label }) }];
  });
  return downsampleLine(points, (point) => point.value, maxLength);
}

function withoutPrefix(name: string): string {
  return name.startsWith(validationPrefix) ? name.slice(validationPrefix.length) : name;
}
