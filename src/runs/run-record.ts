import { join } from "node:path";
import { bestEpoch } from "../callbacks/best-epoch.js";
import type { RunStatus } from "../callbacks/callback.js";
import type { EpochRow } from "../charts/learning-curve-rows.js";
import { DataError } from "../core/errors.js";
import { readJournal } from "./journal.js";
import { isPinned } from "./pin.js";
import type { BeginEvent, EndEvent, RunEvent, RunSetup } from "./run-event.js";
import { currentWriter } from "./run-writer.js";
import { folderOfRun, runIds } from "./runs-folder.js";

/** `"crashed"`: its process ended before it did, and `resume` goes on; `"failed"`: an error ended it. */
export type RecordedStatus = RunStatus | "running" | "crashed" | "failed";

export interface RecordedEpoch extends EpochRow {
  readonly learningRate: number;
}

/** A run as its journal tells it. */
export interface RunRecord {
  readonly id: string;
  readonly folder: string;
  readonly title: string;
  readonly status: RecordedStatus;
  /** Why it ended, in one sentence; null while nobody said. */
  readonly reason: string | null;
  readonly begin: BeginEvent;
  /** As it is now: going on may have changed it. */
  readonly setup: RunSetup;
  readonly rows: readonly RecordedEpoch[];
  /** The epoch with the best weights; undefined if none is complete. */
  readonly best: RecordedEpoch | undefined;
  /** Of training, pauses left out. */
  readonly seconds: number;
  readonly isPinned: boolean;
}

/** @throws OptionError or DataError if there is no such run, or its journal has no beginning. */
export function recordOf(where: string, run: string | { readonly id: string }): RunRecord {
  const folder = folderOfRun(where, run);
  const record = recordIn(folder);
  if (record !== null) return record;
  throw new DataError(
    `${where}: the journal of ${JSON.stringify(folder)} has no beginning, so nobody knows what it was.`,
  );
}

/** The runs of a folder, the oldest first; those that ended before they began are left out. */
export function allRecords(runs: string | null): RunRecord[] {
  return runIds(runs).flatMap((id) => recordIn(join(runs!, id)) ?? []);
}

/** Null if the journal has no beginning. */
export function recordIn(folder: string): RunRecord | null {
  return recordFrom(folder, readJournal(folder));
}

function recordFrom(folder: string, events: readonly RunEvent[]): RunRecord | null {
  const begin = events.find((event) => event.event === "begin");
  if (begin === undefined) return null;
  let setup = begin.setup;
  let end: EndEvent | null = null;
  let rows: RecordedEpoch[] = [];
  for (const event of events) {
    if (event.event === "resume") {
      rows = rows.slice(0, event.epoch);
      setup = event.setup;
      end = null;
    } else if (event.event === "epoch") {
      const { event: _, ...row } = event;
      rows.push(row);
    } else if (event.event === "end") {
      end = event;
    }
  }
  const trained = rows.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    id: begin.id,
    folder,
    title: begin.title,
    status: end?.status ?? (currentWriter(folder) === null ? "crashed" : "running"),
    reason: end?.reason ?? null,
    begin,
    setup,
    rows,
    best: rows.find(({ epoch }) => epoch === end?.bestEpoch) ?? bestEpoch(rows),
    seconds: end?.seconds ?? trained,
    isPinned: isPinned(folder),
  };
}
