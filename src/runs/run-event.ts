import type { RunStatus } from "../callbacks/callback.js";
import type { EpochRow } from "../charts/learning-curve-rows.js";
import type { JsonValue } from "../core/json.js";
import type { RunEnvironment } from "./run-environment.js";

/** The hyperparameters of a run and what it was about, as plain data for people: tables show it, and comparisons compare it. */
export type RunSetup = Readonly<Record<string, JsonValue>>;

/** What a run is, as far as plain data can say it. */
export interface RunConfig {
  readonly title: string;
  readonly setup: RunSetup;
  /** What makes the run again; read by whoever wrote it. */
  readonly recipe: JsonValue;
  readonly data: {
    /** Of all rows and targets, in their order. */
    readonly hash: string;
    /** The file in the run's folder that has them all; null if they were too large to keep. */
    readonly file: string | null;
  };
}

export interface BeginEvent extends RunConfig {
  readonly event: "begin";
  readonly version: number;
  readonly id: string;
  /** ISO 8601, as in every event that has it. */
  readonly time: string;
  readonly environment: RunEnvironment;
}

export interface ResumeEvent {
  readonly event: "resume";
  readonly time: string;
  /** Complete epochs that the run goes on from; what was written of later ones no longer counts. */
  readonly epoch: number;
  readonly step: number;
  readonly setup: RunSetup;
  readonly environment: RunEnvironment;
}

export interface EpochEvent extends EpochRow {
  readonly event: "epoch";
  readonly learningRate: number;
}

export interface CheckpointEvent {
  readonly event: "checkpoint";
  /** In the run's folder. */
  readonly file: string;
  readonly epoch: number;
  readonly step: number;
  /** Of those that a callback asked for. */
  readonly reason?: string;
}

export interface EndEvent {
  readonly event: "end";
  readonly time: string;
  readonly status: RunStatus | "failed";
  readonly reason: string;
  /** Of the whole run, pauses left out. */
  readonly seconds: number;
  readonly bestEpoch: number | null;
}

/** One line of a journal. */
export type RunEvent = BeginEvent | ResumeEvent | EpochEvent | CheckpointEvent | EndEvent;
