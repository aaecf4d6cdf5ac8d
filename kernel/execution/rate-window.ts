/**
 * jupyter_server drops what exceeds 1000 messages or 1,000,000 stream bytes a second, averaged over 3 s, and says so in
 * the middle of the output (`_limit_rate` in its services/kernels/connection/channels.py). It counts by when it gets to
 * read. So we stay well below in a window like its own, and below in one that it sees when it reads a second late.
 */
const limits = [
  { windowMs: 3300, bytes: 2_400_000, messages: 2400 },
  { windowMs: 4300, bytes: 2_900_000, messages: 2900 },
] as const;

/** Kept free for what ends a cell: the tail of a long text, its result or error. Then idle need not wait. */
const reservedBytes = 200_000;
const reservedMessages = 50;

/** What the server does not count. */
const uncounted: ReadonlySet<string> = new Set(["status", "comm_open", "execute_input"]);

/** How much all cells of a kernel together may publish now. */
export class RateWindow {
  private readonly windows = limits.map((limit) => new Window(limit));

  /** @param now - A clock in ms that never goes back. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Counts a message that is about to be sent and returns 0; or counts nothing and returns in how many ms to ask again.
   *
   * @param bytes - On the wire, all parts together. Only those of streams matter.
   * @param isLast - It is of what ends a cell.
   */
  admit(type: string, bytes: number, isLast: boolean): number {
    if (uncounted.has(type)) return 0;
    const at = this.now();
    const size = type === "stream" ? bytes : 0;
    const wait = Math.max(...this.windows.map((window) => window.wait(at, size, isLast)));
    if (wait === 0) for (const window of this.windows) window.add(at, size);
    return wait;
  }

  /** The server forgets what it counted when it sees a kernel become idle. */
  reset(): void {
    for (const window of this.windows) window.clear();
  }
}

/** What was sent in the last moments. */
class Window {
  private readonly sent: { readonly at: number; readonly bytes: number }[] = [];
  private bytes = 0;

  constructor(private readonly limit: (typeof limits)[number]) {}

  /** In how many ms there may be room for a message. */
  wait(now: number, size: number, isLast: boolean): number {
    const { windowMs, bytes, messages } = this.limit;
    while (this.sent.length > 0 && this.sent[0]!.at + windowMs <= now) this.bytes -= this.sent.shift()!.bytes;
    // What is larger than any window can only go alone.
    const fits = size === 0 || this.bytes === 0 || this.bytes + size <= bytes - (isLast ? 0 : reservedBytes);
    if (fits && this.sent.length < messages - (isLast ? 0 : reservedMessages)) return 0;
    return this.sent[0]!.at + windowMs - now;
  }

  add(at: number, bytes: number): void {
    this.sent.push({ at, bytes });
    this.bytes += bytes;
  }

  clear(): void {
    this.sent.length = 0;
    this.bytes = 0;
  }
}
