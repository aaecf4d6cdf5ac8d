import type { Header } from "../protocol/message.js";

/** A queued request: run it, or answer that it was aborted. */
export type QueuedTask = (aborted: boolean) => Promise<void>;

interface Entry {
  readonly task: QueuedTask;
  readonly session: string;
  /** By the sender's clock, in ms. */
  readonly sentAt: number;
  /** By ours. */
  readonly arrivedAt: number;
  aborted: boolean;
}

/** Runs execute requests one after the other, in the order in which they came. */
export class ExecutionQueue {
  private readonly waiting: Entry[] = [];
  private running: Entry | undefined;
  /** What this session sent before this moment of its clock is aborted. */
  private abort: { readonly session: string; readonly before: number } | undefined;

  push({ session, date }: Pick<Header, "session" | "date">, task: QueuedTask): void {
    const sentAt = Date.parse(date);
    const aborted = this.abort?.session === session && sentAt < this.abort.before;
    this.waiting.push({ task, session, sentAt, arrivedAt: Date.now(), aborted });
    if (!this.running) void this.run();
  }

  /**
   * Called when the running request has failed: aborts what was sent before its sender can know of that. "Run all" sends
   * all cells in one burst, of which some may still be on the way, so these are known by when they were sent: before
   * now, by the sender's clock.
   */
  abortPending(): void {
    for (const entry of this.waiting) entry.aborted = true;
    const { session, sentAt, arrivedAt } = this.running!;
    this.abort = { session, before: sentAt + Date.now() - arrivedAt };
  }

  private async run(): Promise<void> {
    for (this.running = this.waiting.shift(); this.running; this.running = this.waiting.shift()) {
      await this.running.task(this.running.aborted);
    }
  }
}
