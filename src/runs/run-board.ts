import { comparedRuns } from "../callbacks/compared-runs.js";
import type { Chart } from "../charts/chart.js";
import { trainingBoard } from "../charts/training-board.js";
import { LiveDisplay } from "../output/live-display.js";
import type { RunRecord } from "./run-record.js";

/** How often the journal of a run that goes on is looked at. */
const everyMs = 1000;

/** The board of a recorded run, with `others` as faint curves and a table of what was set otherwise. */
export function runBoard(record: RunRecord, others: readonly RunRecord[] = []): Chart {
  const { id, title, status, reason, setup, rows, best, seconds } = record;
  const label = (run: RunRecord) => (run.title === title ? run.id : `${run.title}, ${run.id}`);
  const epochs = typeof setup.epochs === "number" ? setup.epochs : null;
  const earlier = others.map((run) => ({
    label: label(run),
    setup: run.setup,
    rows: run.rows,
    restoredEpoch: run.best?.epoch ?? null,
  }));
  const comparison = comparedRuns([...earlier, { label: id, setup, rows, restoredEpoch: best?.epoch ?? null }]);
  const nSamples = Number(setup.nSamples);
  const isOver = status !== "running";
  return trainingBoard({
    title: `${title}, ${id}`,
    // Nobody wrote down how a crashed run ended.
    status: status === "crashed" || status === "failed" ? "stopped" : status,
    epochs,
    rows,
    ...(isOver && { reason: reason ?? "Its process ended; resume goes on." }),
    ...(best !== undefined && { bestEpoch: best.epoch }),
    ...(isOver && status !== "completed" && rows.length > 0 && { stoppedEpoch: rows.length }),
    ...(rows.length > 0 && { learningRate: rows.at(-1)!.learningRate }),
    ...(rows.length > 0 && seconds > 0 && { samplesPerSecond: (rows.length * nSamples) / seconds }),
    ...(others.length > 0 && { earlier, comparison }),
  });
}

/** Shows the board of a run; one that is being trained, here or in another process, is followed until it ends. */
export function followRun(read: () => RunRecord): void {
  const live = new LiveDisplay();
  const look = (): boolean => {
    const record = read();
    const isOver = record.status !== "running";
    if (isOver) live.finish(runBoard(record));
    else live.show(() => runBoard(record));
    return isOver;
  };
  if (look()) return;
  const timer = setInterval(() => {
    try {
      if (look()) clearInterval(timer);
    } catch (error) {
      clearInterval(timer);
      console.warn(`runs.show: the run is not followed any longer: ${(error as Error).message}`);
    }
  }, everyMs).unref();
}
