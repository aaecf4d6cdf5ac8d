import { randomUUID } from "node:crypto";
import { linkSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { journalName } from "./runs-folder.js";

/** The process that writes a run. */
export interface RunWriter {
  readonly host: string;
  readonly pid: number;
  /** Tells a process from a later one with its number; null where the system does not say. */
  readonly startedAt: string | null;
}

const beatMs = 10_000;
const silentAfterMs = 6 * beatMs;
const released = "\nreleased";

/**
 * Makes this process the only writer of a run, until it is released. Whoever writes first makes the file of its turn, which
 * a file system lets only one do; turns are never taken back, so nobody can slip in between a look and a write.
 *
 * @returns The writer that has the run, if there is one.
 */
export function claimRun(folder: string): ClaimedRun | RunWriter {
  const turn = lastTurn(folder);
  if (turn > 0) {
    const writer = writerOf(folder, turn);
    if (writer !== null && isAlive(writer, folder)) return writer;
  }
  const path = join(folder, turnName(turn + 1));
  const self: RunWriter = { host: hostname(), pid: process.pid, startedAt: startOf(process.pid) };
  const draft = `${path}-${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(self));
  try {
    linkSync(draft, path); // with its text at once, or not at all
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return writerOf(folder, turn + 1) ?? self;
  } finally {
    rmSync(draft);
  }
  return new ClaimedRun(folder, path);
}

/** A run that this process writes. */
export class ClaimedRun {
  private readonly beat: NodeJS.Timeout;

  constructor(
    private readonly folder: string,
    private readonly path: string,
  ) {
    this.beat = setInterval(() => this.touch(), beatMs).unref();
  }

  release(): void {
    clearInterval(this.beat);
    writeFileSync(this.path, released, { flag: "a" });
  }

  /** Other machines see by this that the process is alive. A folder that was deleted has nobody to tell. */
  private touch(): void {
    const now = new Date();
    try {
      utimesSync(join(this.folder, journalName), now, now);
    } catch {
      clearInterval(this.beat);
    }
  }
}

/** The process that writes a run now; null if none does. */
export function currentWriter(folder: string): RunWriter | null {
  const turn = lastTurn(folder);
  const writer = turn > 0 ? writerOf(folder, turn) : null;
  return writer !== null && isAlive(writer, folder) ? writer : null;
}

function turnName(turn: number): string {
  return `writer-${turn}.json`;
}

function lastTurn(folder: string): number {
  const turns = readdirSync(folder).flatMap((name) => /^writer-(\d+)\.json$/.exec(name)?.[1] ?? []);
  return Math.max(0, ...turns.map(Number));
}

/** Null if it was released. */
function writerOf(folder: string, turn: number): RunWriter | null {
  const text = readFileSync(join(folder, turnName(turn)), "utf8");
  return text.endsWith(released) ? null : JSON.parse(text);
}

function isAlive({ host, pid, startedAt }: RunWriter, folder: string): boolean {
  if (host !== hostname()) return Date.now() - statSync(join(folder, journalName)).mtimeMs < silentAfterMs;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return startedAt === null || startOf(pid) === startedAt;
}

/** When a process began, counted from the start of the machine, with what tells this start of it; Linux alone says it. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${ticks}`;
  } catch {
    return null;
  }
}
