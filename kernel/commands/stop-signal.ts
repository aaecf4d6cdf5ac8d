// `etude lab` and `etude run` start other programs. All of them get this signal, so that none outlives the command.
import { readFileSync } from "node:fs";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Aborted when somebody asks this process to stop: Ctrl-C, a signal, a closed terminal, or the end of the npm that runs
 * it (npm may be killed without a word to us).
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of signals) process.once(name, () => stop.abort());
  if (process.env.npm_lifecycle_event !== undefined) {
    const before = lineage();
    setInterval(() => lineage() !== before && stop.abort(), 250).unref();
  }
  return stop.signal;
}

/** Our parents up to npm, which on Linux starts a script through a shell that outlives it. */
function lineage(): string {
  if (process.platform !== "linux") return String(process.ppid);
  const [, name, parent] = /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${process.ppid}/stat`, "utf8"))!;
  return /^(ba|da|a)?sh$/.test(name!) ? `${process.ppid} ${parent}` : String(process.ppid);
}
