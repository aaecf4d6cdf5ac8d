import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { DataError } from "../core/errors.js";
import type { JsonValue } from "../core/json.js";
import { readSafetensors, type StoredArray, writeSafetensors } from "../models/safetensors.js";
import { exactText, exactValue } from "./exact-json.js";
import { discard } from "./trash.js";

/** All that a run needs to go on from one place between two steps. */
export interface Checkpoint {
  /** Steps before it. */
  readonly step: number;
  /** Complete epochs before it. */
  readonly epoch: number;
  /** Plain data, NaN and infinities among its numbers. */
  readonly state: JsonValue;
  /** By name; the weights of the model under `weight/`. */
  readonly arrays: ReadonlyMap<string, StoredArray>;
}

const format = "etude-checkpoint";
/** Goes up when an older reader would misread a file. */
const version = 1;
const folderName = "checkpoints";
/** The newer one may be lost to the disk; the older stays until the newer is whole, and one longer. */
const depth = 2;

/**
 * Writes a checkpoint into the folder of a run: one safetensors file with the state in its metadata, so that one checksum is
 * over all of it, whole or not at all; then the ones before the last two go.
 * @param name - A checkpoint with a name stays until the next of that name.
 * @returns The file, in the run's folder.
 */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint, name?: string): Promise<string> {
  const file = join(folderName, `${name ?? stepName(checkpoint.step)}.safetensors`);
  const { step, epoch, state, arrays } = checkpoint;
  const metadata = { format, version: String(version), state: exactText({ step, epoch, state }) };
  await writeSafetensors(join(folder, file), { arrays, metadata }, "fit");
  if (name === undefined) for (const old of (await stepFiles(folder)).slice(depth)) await discard(join(folder, old));
  return file;
}

/** @throws DataError if the file is not whole, or is of another kind. */
export async function readCheckpoint(where: string, path: string): Promise<Checkpoint> {
  const { arrays, metadata } = await readSafetensors(path, where);
  if (metadata.format !== format || Number(metadata.version) > version) {
    const found = metadata.format === format ? `a checkpoint of version ${metadata.version}` : "no checkpoint";
    throw new DataError(`${where}: ${JSON.stringify(path)} is ${found}, and this Etude reads version ${version}.`);
  }
  return { ...(exactValue(metadata.state!) as Omit<Checkpoint, "arrays">), arrays };
}

/** What was found when the newest checkpoint was looked for. */
export interface FoundCheckpoint {
  /** The newest that is whole; null if none is. */
  readonly checkpoint: Checkpoint | null;
  /** Files of newer ones that are not whole, each with what is wrong in one sentence. */
  readonly damaged: readonly { readonly file: string; readonly reason: string }[];
}

/** The newest whole checkpoint of a run, those with names left out. */
export async function newestCheckpoint(where: string, folder: string): Promise<FoundCheckpoint> {
  const damaged: { file: string; reason: string }[] = [];
  for (const file of await stepFiles(folder)) {
    try {
      return { checkpoint: await readCheckpoint(where, join(folder, file)), damaged };
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      damaged.push({ file, reason: error.message });
    }
  }
  return { checkpoint: null, damaged };
}

/** Those that a run keeps for itself, the newest first, in the run's folder. */
export async function stepFiles(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, folderName)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const steps = names.filter((name) => /^step-\d+\.safetensors$/.test(name));
  return steps.sort((a, b) => stepOf(b) - stepOf(a)).map((name) => join(folderName, name));
}

/**
 * Takes away what a run that goes on from `step` has of later ones, which were not whole, and what its killed process left
 * half written.
 */
export async function removeAfter(folder: string, step: number): Promise<void> {
  const later = (await stepFiles(folder)).filter((file) => stepOf(basename(file)) > step);
  const names = await readdir(join(folder, folderName));
  const halves = names.filter((name) => name.endsWith(".tmp")).map((name) => join(folderName, name));
  for (const file of [...later, ...halves]) await discard(join(folder, file));
}

export function isCheckpointName(name: unknown): name is string {
  return typeof name === "string" && /^[A-Za-z0-9][\w.=-]{0,99}$/.test(name) && !/^step-\d+$/.test(name);
}

export function namedCheckpoint(name: string): string {
  return join(folderName, `${name}.safetensors`);
}

function stepName(step: number): string {
  return `step-${step}`;
}

function stepOf(name: string): number {
  return Number.parseInt(name.slice("step-".length), 10);
}
