import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import type { EpochRow } from "../charts/learning-curve-rows.js";
import { EtudeError } from "../core/errors.js";
import { type Checkpoint, namedCheckpoint, removeAfter, writeCheckpoint } from "./checkpoint.js";
import { CheckpointClock, type CheckpointOptions } from "./checkpoint-clock.js";
import { Journal } from "./journal.js";
import { retainNowAndThen } from "./retention.js";
import { thisEnvironment } from "./run-environment.js";
import type { EndEvent, ResumeEvent, RunConfig, RunEvent } from "./run-event.js";
import { type ClaimedRun, claimRun } from "./run-writer.js";

/** Goes up when an older reader would misread a run. */
const version = 1;

export interface RecorderOptions {
  readonly id: string;
  /** Where runs lie; null: nothing is written. */
  readonly runs: string | null;
  /** False: no checkpoints. @default {} */
  readonly checkpoint?: CheckpointOptions | false;
  /** Of a run that goes on: whoever claimed it releases it. */
  readonly claimed?: ClaimedRun | undefined;
}

/**
 * Writes a run to the disk while it trains: its journal and its checkpoints. Whatever the disk does, training goes on: what
 * cannot be written is said in one sentence, once, and tried again at the next occasion.
 */
export class Recorder {
  readonly id: string;
  private readonly clock: CheckpointClock;
  private readonly folder: string | null;
  private journal: Journal | undefined;
  private claimed: ClaimedRun | undefined;
  /** Where the last checkpoint stands, so that none is written twice. */
  private lastPlace = "";
  private isReported = false;

  constructor(private readonly options: RecorderOptions) {
    this.id = options.id;
    this.folder = options.runs === null ? null : join(options.runs, options.id);
    this.clock = new CheckpointClock(options.checkpoint || {});
  }

  /** The run's folder; null if it has none. */
  get path(): string | null {
    return this.journal === undefined ? null : this.folder;
  }

  /**
   * Makes the folder of a new run.
   * @param config - Called with the folder, to keep there what it needs.
   */
  async begin(config: (folder: string) => Promise<RunConfig>): Promise<void> {
    const { folder } = this;
    if (folder === null) return;
    await this.attempt("the run is not recorded, and cannot be resumed", async () => {
      mkdirSync(join(folder, ".."), { recursive: true });
      mkdirSync(folder);
      const journal = new Journal(folder);
      try {
        this.claimed = claimRun(folder) as ClaimedRun;
        const time = new Date().toISOString();
        const environment = thisEnvironment();
        const { title, setup, recipe, data } = await config(folder);
        const begun = { version, id: this.id, time, title, setup, environment, data, recipe };
        journal.append({ event: "begin", ...begun }, { toDisk: true });
        this.journal = journal;
      } finally {
        if (this.journal === undefined) journal.close();
      }
    });
    await this.attempt("older runs are not cleared away", () => retainNowAndThen(join(folder, "..")));
  }

  /** Goes on with a run that this process has claimed. */
  async goOn(place: Pick<ResumeEvent, "epoch" | "step" | "setup">): Promise<void> {
    const { folder } = this;
    if (folder === null || this.options.claimed === undefined) return;
    this.lastPlace = placeName(place);
    await this.attempt("what happens from here on is not recorded", async () => {
      await removeAfter(folder, place.step);
      const time = new Date().toISOString();
      this.journal = new Journal(folder);
      this.journal.append({ event: "resume", time, ...place, environment: thisEnvironment() }, { toDisk: true });
    });
  }

  epoch(row: EpochRow & { readonly learningRate: number }): void {
    this.append({ event: "epoch", ...row });
  }

  /** @param steps - Steps of the run so far. */
  isDueAfterStep(steps: number): boolean {
    return this.isKeeping && this.clock.isDueAfterStep(steps);
  }

  isDueAfterEpoch(): boolean {
    return this.isKeeping && this.clock.isDueAfterEpoch();
  }

  /** Writes a checkpoint of the run as it is now, unless the last one is of the same place. */
  async checkpoint(capture: () => Promise<Checkpoint>): Promise<void> {
    if (!this.isKeeping) return;
    const startedMs = performance.now();
    await this.attempt("a checkpoint is missing, the one before it is kept", async () => {
      const checkpoint = await capture();
      const place = placeName(checkpoint);
      if (place === this.lastPlace) return;
      const file = await writeCheckpoint(this.folder!, checkpoint);
      this.lastPlace = place;
      this.append({ event: "checkpoint", file, epoch: checkpoint.epoch, step: checkpoint.step });
    });
    this.clock.wrote(performance.now() - startedMs);
  }

  /**
   * The same under a name, for whoever asks for it.
   * @throws EtudeError if it cannot be written.
   */
  async named(name: string, reason: string, capture: () => Promise<Checkpoint>): Promise<string> {
    if (this.path === null) {
      throw new EtudeError("fit: there is no folder for a checkpoint, because this run is not recorded.");
    }
    const checkpoint = await capture();
    const file = await writeCheckpoint(this.path, checkpoint, name);
    this.append({ event: "checkpoint", file, epoch: checkpoint.epoch, step: checkpoint.step, reason });
    return join(this.path, namedCheckpoint(name));
  }

  end(event: Omit<EndEvent, "event" | "time">): void {
    this.append({ event: "end", time: new Date().toISOString(), ...event }, { toDisk: true });
  }

  close(): void {
    this.attemptNow("the run may look as if it still ran", () => {
      this.journal?.close();
      this.claimed?.release();
    });
    this.journal = undefined;
    this.claimed = undefined;
  }

  private get isKeeping(): boolean {
    return this.journal !== undefined && this.options.checkpoint !== false;
  }

  private append(event: RunEvent, options?: { readonly toDisk: boolean }): void {
    this.attemptNow("what happens in the run is not recorded", () => this.journal?.append(event, options));
  }

  private attemptNow(lost: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.report(lost, error);
    }
  }

  private async attempt(lost: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.report(lost, error);
    }
  }

  private report(lost: string, error: unknown): void {
    if (this.isReported) return;
    this.isReported = true;
    const reason = error instanceof Error ? error.message : inspect(error);
    console.warn(`Run ${this.id}: ${lost}: ${reason.replace(/\.$/, "")}. Training goes on.`);
  }
}

function placeName({ epoch, step }: { readonly epoch: number; readonly step: number }): string {
  return `${epoch} ${step}`;
}
