/** The supervisor is gone: ends this process and what it started. Started by the supervisor, it leads their group. */
export function endWithChildren(): void {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    process.kill(process.pid, "SIGKILL"); // it leads no group: on Windows, or started by hand
  }
}
