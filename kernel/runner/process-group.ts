/**
 * Signals this process and the programs that it started.
 * @returns False where it leads no process group: on Windows, or started by hand.
 */
export function signalGroup(signal: NodeJS.Signals): boolean {
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
