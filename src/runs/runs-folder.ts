import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { show } from "../core/check.js";
import { DataError, OptionError } from "../core/errors.js";
import { suggest } from "../core/nearest.js";

/**
 * Where runs are written: the folder that the environment variable `ETUDE_RUNS` names, `runs` beside the notebook if it names
 * none. Null if it is `off`: then nothing is recorded.
 */
export function runsFolder(env: NodeJS.ProcessEnv = process.env): string | null {
  const named = env.ETUDE_RUNS;
  if (named === "off") return null;
  return resolve(named || "runs");
}

/** Holds what was deleted until it is emptied; a dot keeps it apart from runs. */
export const trashName = ".trash";

/**
 * A name for a new run: when it began, in the clock time of this machine, and five letters or digits that tell it from
 * those of other kernels in the same second.
 */
export function newRunId(now = new Date()): string {
  const digits = (value: number) => String(value).padStart(2, "0");
  const date = `${now.getFullYear()}${digits(now.getMonth() + 1)}${digits(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(digits).join("");
  const letters = "0123456789abcdefghijklmnopqrstuvwxyz";
  const tail = Array.from(randomBytes(5), (byte) => letters[byte % letters.length]).join("");
  return `${date}-${time}-${tail}`;
}

/** The ids of the runs in a folder, the oldest first. */
export function runIds(folder: string | null): string[] {
  if (folder === null || !existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  const isRun = (name: string) => !name.startsWith(".") && existsSync(join(folder, name, journalName));
  return entries.flatMap((entry) => (entry.isDirectory() && isRun(entry.name) ? [entry.name] : [])).sort();
}

export const journalName = "journal.jsonl";

/**
 * The folder of a run.
 * @param run - Its id, or anything that has one, like what `fit` returned.
 * @throws OptionError or DataError if there is no such run.
 */
export function folderOfRun(where: string, run: string | { readonly id: string }): string {
  const id = typeof run === "object" && run !== null ? run.id : run;
  if (typeof id !== "string" || !/^[\w-][\w.-]*$/.test(id)) {
    throw new OptionError(`${where}: expected the id of a run, such as "20260131-120000-a1b2c", got ${show(id)}.`);
  }
  const folder = runsFolder();
  if (folder === null) {
    throw new OptionError(`${where}: no runs are kept, because the environment variable ETUDE_RUNS is "off".`);
  }
  const path = join(folder, id);
  if (existsSync(join(path, journalName))) return path;
  const ids = runIds(folder);
  const known = ids.length === 0 ? "There are none yet." : suggest(id, ids.slice(-20), "runs");
  throw new DataError(`${where}: there is no run ${show(id)} in ${show(folder)}. ${known}`);
}
