import { readdirSync, readFileSync } from "node:fs";

/** Linux counts the start of a process in hundredths of a second. */
const tickMs = 10;

/**
 * Signals this process and the programs that it started.
 * @returns False where it leads no process group: on Windows, or started by hand.
 */
function signalGroup(signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-process.pid, signal);
  } catch {
    return false;
  }
}

/** Ends this process and the programs that it started, at once. */
export function endGroup(): void {
  if (!signalGroup("SIGKILL")) process.kill(process.pid, "SIGKILL");
}

/**
 * Sends SIGINT to the programs that were started between two moments, as Ctrl-C in a terminal does; where the system does
 * not tell when they started, to all of the group.
 *
 * @param since - In ms since the start of this process, as is `until`.
 */
export function interruptPrograms(since: number, until: number): void {
  if (process.platform !== "linux") {
    signalGroup("SIGINT");
    return;
  }
  const own = statOf(process.pid)!;
  for (const pid of readdirSync("/proc").map(Number)) {
    const stat = Number.isInteger(pid) && pid !== process.pid ? statOf(pid) : undefined;
    if (stat?.group !== process.pid) continue;
    const startedMs = (stat.startTicks - own.startTicks) * tickMs;
    if (startedMs + tickMs < since || startedMs - tickMs > until) continue;
    try {
      process.kill(pid, "SIGINT");
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Undefined for a process that has ended. */
function statOf(pid: number): { readonly group: number; readonly startTicks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Behind the name, which may hold anything: state, parent, group, and the start as the 20th.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { group: Number(fields[2]), startTicks: Number(fields[19]) };
  } catch {
    return undefined;
  }
}
