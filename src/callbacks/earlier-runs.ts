import { currentCell } from "../output/display.js";
import type { FitTask } from "./callback.js";
import type { ComparedRun } from "./compared-runs.js";

/** A run that ended in this kernel. */
export interface FinishedRun extends ComparedRun {
  readonly id: string;
}

interface CellRuns {
  count: number;
  runs: readonly FinishedRun[];
}

/** Beside those that are pinned. */
const keptRuns = 3;
const cells = new Map<string, CellRuns>();
const pinned = new Set<string>();

/** What the same cell trained before, for runs with the same title and metrics; where no cell is known, with as many rows. */
export class EarlierRuns {
  private readonly cell: CellRuns;

  constructor(fit: FitTask) {
    const key = JSON.stringify([currentCell() ?? fit.nSamples, fit.name, fit.reports]);
    this.cell = cells.get(key) ?? { count: 0, runs: [] };
    cells.set(key, this.cell);
  }

  /** The oldest first: the last three, and those that are pinned. */
  get runs(): readonly FinishedRun[] {
    return this.cell.runs;
  }

  /** How the run that comes next is called. */
  get nextLabel(): string {
    return `run ${this.cell.count + 1}`;
  }

  add(run: FinishedRun): void {
    this.cell.count++;
    const all = [...this.cell.runs, run];
    const latest = new Set(all.filter(({ id }) => !pinned.has(id)).slice(-keptRuns));
    this.cell.runs = all.filter((one) => pinned.has(one.id) || latest.has(one));
  }
}

/** Keeps the curves of a run beside all later ones of its cell, or no longer. */
export function pinCurves(id: string, isPinned: boolean): void {
  if (isPinned) pinned.add(id);
  else pinned.delete(id);
}
