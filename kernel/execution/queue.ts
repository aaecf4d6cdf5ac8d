import { setTimeout as delay } from "node:timers/promises";

/** A queued request: run it, or answer that it was aborted. */
export type QueuedTask = (aborted: boolean) => Promise<void>;

/** Runs execute requests one after the other, in the order in which they came. */
export class ExecutionQueue {
  private waiting: { readonly task: QueuedTask; aborted: boolean }[] = [];
  private running = false;
  private arrivals = 0;

  push(task: QueuedTask): void {
    this.arrivals++;
    this.waiting.push({ task, aborted: false });
    if (!this.running) void this.run();
  }

  /**
   * Aborts every request sent before the client can know of the error: those that wait, and those still on the wire.
   * "Run all" sends all cells in one burst, so it waits until the burst is over (2 ms of silence) before it marks them.
   */
  async abortPending(): Promise<void> {
    for (let seen = -1, rounds = 0; seen !== this.arrivals && rounds < 25; rounds++) {
      seen = this.arrivals;
      await delay(2);
    }
    for (const entry of this.waiting) entry.aborted = true;
  }

  private async run(): Promise<void> {
    this.running = true;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) await next.task(next.aborted);
    this.running = false;
  }
}
