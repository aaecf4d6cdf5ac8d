import type { EpochRow } from "../charts/learning-curve-rows.js";
import { type BoardState, trainingBoard } from "../charts/training-board.js";
import type { JsonValue } from "../core/json.js";
import { LiveDisplay } from "../output/live-display.js";
import { bestEpoch } from "./best-epoch.js";
import type { Callback, Ending, FitTask, Metrics, Task } from "./callback.js";
import { comparedRuns } from "./compared-runs.js";
import { EarlierRuns } from "./earlier-runs.js";

/** Within a long epoch. */
const everyMs = 250;

/**
 * The live board of a run: curves of the loss and the metrics, speed and time left, in one place on the page. What the same
 * cell trained before stays as faint curves, and a table says what was set otherwise then and how good it was: changing a setting and
 * running again compares. `runs.pin(run)` keeps the curves of a run for good.
 *
 * `fit` adds one by itself in a notebook.
 */
export class LiveBoard implements Callback {
  private display = new LiveDisplay();
  private rows: EpochRow[] = [];
  private fit: FitTask | undefined;
  private earlier: EarlierRuns | undefined;
  private epoch: Task | undefined;
  private stepsBefore = 0;
  private timer: NodeJS.Timeout | undefined;
  private startedMs = 0;
  private epochStartedMs = 0;

  onTrainBegin(fit: FitTask): void {
    this.display = new LiveDisplay();
    this.rows = [];
    this.fit = fit;
    this.earlier = new EarlierRuns(fit);
    this.epoch = undefined;
    clearInterval(this.timer);
    this.timer = setInterval(() => this.show(fit), everyMs).unref();
    this.startedMs = performance.now();
    this.epochStartedMs = performance.now();
    this.show(fit);
  }

  onEpochBegin(epoch: Task): void {
    this.epoch = epoch;
    this.stepsBefore = this.fit!.step;
    this.epochStartedMs = performance.now();
  }

  onEpochEnd(epoch: Task, metrics: Metrics): void {
    const seconds = (performance.now() - this.epochStartedMs) / 1000;
    this.rows.push({ epoch: epoch.index + 1, metrics, seconds });
    this.show(epoch.parent as FitTask);
  }

  onTrainEnd(fit: FitTask, { status, reason }: Ending): void {
    clearInterval(this.timer);
    const epochs = this.rows.length;
    const stopped = status === "completed" || epochs === 0 ? {} : { stoppedEpoch: epochs };
    this.display.finish(trainingBoard({ ...this.boardState(fit), status, reason, ...stopped }));
    if (epochs > 0)
      this.earlier!.add({
        id: fit.runId,
        label: this.earlier!.nextLabel,
        setup: fit.setup,
        rows: this.rows,
        restoredEpoch: fit.restoredEpoch,
      });
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
      memoryBytes: process.memoryUsage.rss(),
      ...this.comparison(fit),
      ...this.stepsOfEpoch(fit),
      ...(best !== undefined && { bestEpoch: best }),
      ...(epochs > 0 && { samplesPerSecond: (epochs * fit.nSamples) / seconds }),
      ...(epochs > 0 && fit.total !== null && { etaSeconds: ((fit.total - epochs) * seconds) / epochs }),
    };
  }

  private comparison({ setup, restoredEpoch }: FitTask): Pick<BoardState, "earlier" | "comparison"> {
    const { runs, nextLabel } = this.earlier!;
    if (runs.length === 0) return {};
    const now = { label: `${nextLabel} (this one)`, setup, rows: this.rows, restoredEpoch };
    return { earlier: runs, comparison: comparedRuns([...runs, now]) };
  }

  private stepsOfEpoch({ step }: FitTask): Pick<BoardState, "steps"> {
    const { epoch, rows, stepsBefore } = this;
    if (!epoch?.total || epoch.index < rows.length || step === stepsBefore) return {};
    return { steps: { done: step - stepsBefore, total: epoch.total } };
  }
}
