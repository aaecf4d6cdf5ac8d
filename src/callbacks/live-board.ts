import type { EarlierRun, EpochRow } from "../charts/learning-curve-rows.js";
import { type BoardState, trainingBoard } from "../charts/training-board.js";
import type { JsonValue } from "../core/json.js";
import { LiveDisplay } from "../output/live-display.js";
import { bestEpoch } from "./best-epoch.js";
import type { Callback, Ending, FitTask, Metrics, Task } from "./callback.js";

/** Finished runs to compare with, by what makes runs comparable; a cell that runs again finds its earlier curves here. */
const finishedRuns = new Map<string, { readonly count: number; readonly latest: readonly EarlierRun[] }>();
const keptRuns = 3;

/**
 * The live board of a run: curves of the loss and the metrics, speed and time left, in one place on the page. Earlier runs
 * with the same title, data size and metrics stay as faint curves, so that changing a setting and running again compares.
 *
 * `fit` adds one by itself in a notebook.
 */
export class LiveBoard implements Callback {
  private display = new LiveDisplay();
  private rows: EpochRow[] = [];
  private fit: FitTask | undefined;
  private startedMs = 0;
  private epochStartedMs = 0;

  onTrainBegin(fit: FitTask): void {
    this.display = new LiveDisplay();
    this.rows = [];
    this.fit = fit;
    this.startedMs = performance.now();
    this.epochStartedMs = performance.now();
    this.show(fit);
  }

  onEpochBegin(): void {
    this.epochStartedMs = performance.now();
  }

  onEpochEnd(epoch: Task, metrics: Metrics): void {
    const seconds = (performance.now() - this.epochStartedMs) / 1000;
    this.rows.push({ epoch: epoch.index + 1, metrics, seconds });
    this.show(epoch.parent as FitTask);
  }

  onTrainEnd(fit: FitTask, { status, reason }: Ending): void {
    this.fit = undefined;
    const epochs = this.rows.length;
    const stopped = status === "completed" || epochs === 0 ? {} : { stoppedEpoch: epochs };
    this.display.finish(trainingBoard({ ...this.boardState(fit), status, reason, ...stopped }));
    if (epochs === 0) return;
    const { count, latest } = earlierRuns(fit);
    const run = { label: `run ${count + 1}, learning rate ${fit.learningRate}`, rows: this.rows };
    finishedRuns.set(comparableKey(fit), { count: count + 1, latest: [...latest, run].slice(-keptRuns) });
  }

  state(): JsonValue {
    return this.rows as unknown as JsonValue;
  }

  restore(state: JsonValue): void {
    this.rows = [...(state as unknown as readonly EpochRow[])];
    this.startedMs -= 1000 * this.rows.reduce((sum, { seconds }) => sum + seconds, 0);
    this.show(this.fit!);
  }

  private show(fit: FitTask): void {
    this.display.show(() => trainingBoard(this.boardState(fit)));
  }

  private boardState(fit: FitTask): BoardState {
    const epochs = this.rows.length;
    const seconds = (performance.now() - this.startedMs) / 1000;
    const best = fit.restoredEpoch ?? bestEpoch(this.rows)?.epoch;
    return {
      title: fit.name,
      status: "running",
      epochs: fit.total,
      rows: this.rows,
      learningRate: fit.learningRate,
      earlier: earlierRuns(fit).latest,
      ...(best !== undefined && { bestEpoch: best }),
      ...(epochs > 0 && { samplesPerSecond: (epochs * fit.nSamples) / seconds }),
      ...(epochs > 0 && fit.total !== null && { etaSeconds: ((fit.total - epochs) * seconds) / epochs }),
    };
  }
}

function earlierRuns(fit: FitTask) {
  return finishedRuns.get(comparableKey(fit)) ?? { count: 0, latest: [] };
}

function comparableKey(fit: FitTask): string {
  return JSON.stringify([fit.name, fit.nSamples, fit.reports]);
}
